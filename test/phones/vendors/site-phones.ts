import { readAkuvox } from './akuvox.ts'
import { readAudioCodes } from './audiocodes.ts'
import { readCiscoAdapter } from './cisco-ata.ts'
import { readCiscoProfile } from './cisco-spa.ts'
import { readDigiumSite } from './digium.ts'
import { readFanvil } from './fanvil.ts'
import { readGigasetBase } from './gigaset-n.ts'
import { readGigaset } from './gigaset.ts'
import { readGrandstream } from './grandstream.ts'
import { readHtek } from './htek.ts'
import { readMitel } from './mitel.ts'
import { readPanasonic } from './panasonic.ts'
import { readPoly } from './poly.ts'
import { readSnom } from './snom.ts'
import { readYealink } from './yealink.ts'

/** What an independent reader makes of a family's `site` case. */
export type SitePhone = {
  read: (bytes: Buffer) => Map<string, string>
  /** By setting, what of it the phone reads. */
  sees: Record<string, Record<string, string>>
  /** What becomes of the name of a paging group where the format has no spelling for some character. */
  plainName?: (text: string) => string
}

/** Htek made both. */
const HTEK: SitePhone = {
  read: readHtek,
  sees: {
    backupServer: { P967: 'pbx2.example.org:5062' },
    backupProxy: { P20047: 'proxy2.example.org' },
    mwiExpiresS: { P20970: '1800' },
    mwiTone: { P20118: '1' },
    lldp: { P5438: '1' },
    dot1x: { P8626: '1' },
    dot1xIdentity: { P8627: 'phone <1>' },
    dot1xPassword: { P8628: 'Sw1tch-passw0rd' },
    toneCountry: { P20058: '0', P4000: 'f1=425@-13,f2=425@-13,c=0/0;', P4002: 'f1=425@-24,f2=425@-24,c=480/480;' },
    paging: { P20042: '1', P20021: '239.0.0.1:10000', P20022: 'All & all', P20023: '239.0.0.2:10002', P20025: '' },
    ringRules: { P1399: 'external', P1402: '2', P1400: 'boss', P1403: '4', P1401: '', P20059: '', P20065: '' },
    syslogServer: { P207: 'log.example.org' },
  },
}

const KEY = 'Key0fThisSite123'
const KEYED_RULE = `[--key "${KEY}"] https://phones.example.org/Qm9vdC1tZS11cC1ub3c0Mg/$MA.xml`

/** The phones that site-settings.test.ts asks. */
export const SITE_PHONES: Record<string, SitePhone> = {
  akuvox: {
    read: readAkuvox,
    sees: {
      backupServer: { 'Account1.SIP.Server2': 'pbx2.example.org', 'Account1.SIP.Port2': '5062' },
      backupProxy: { 'Account1.OUTPROXY.BakServer': 'proxy2.example.org', 'Account1.OUTPROXY.BakPort': '5060' },
      provisioningWindow: { 'Autoprovision.SCHEDULE.HourOfDay': '2', 'Autoprovision.SCHEDULE.MinuteOfHour': '0' },
      mwiExpiresS: { 'Account1.SUBSCRIBE.SubscribeMWIExpire': '1800' },
      lldp: { 'Network.LLDP.LLDPEnable': '1' },
      dot1x: { 'Network.8021X.ModeOf8021X': '1' },
      dot1xIdentity: { 'Network.8021X.Identity': 'phone <1>' },
      dot1xPassword: { 'Network.8021X.PwdMd5': 'Sw1tch-passw0rd' },
    },
  },
  audiocodes: {
    read: readAudioCodes,
    sees: { syslogServer: { 'system/syslog/server_address': 'log.example.org' } },
  },
  'cisco-ata': { read: readCiscoAdapter, sees: { fileKey: { Profile_Rule: KEYED_RULE } } },
  'cisco-spa': {
    read: readCiscoProfile,
    sees: {
      fileKey: { Profile_Rule: KEYED_RULE },
      backupServer: { Alternate_Proxy_1_: 'pbx2.example.org:5062' },
      backupProxy: { Alternate_Outbound_Proxy_1_: 'proxy2.example.org' },
      provisioningWindow: { Resync_Periodic: '0', Resync_At__HHmm_: '0200', Resync_At_Random_Delay: '12600' },
      mwiExpiresS: { Voice_Mail_Subscribe_Interval_1_: '1800' },
      lldp: { 'Enable_LLDP-MED': 'Yes' },
      toneCountry: { Dial_Tone: '425@-19;10(*/0/1)', Busy_Tone: '425@-19;10(.48/.48/1)' },
      paging: {
        Group_Paging_Script:
          'pggrp=239.0.0.1:10000;name=All_&_all;num=9990001;listen=yes; pggrp=239.0.0.2:10002;name=Floor_2;num=9990002;listen=yes;',
      },
      dndAllowed: { DND_Serv: 'No' },
      forwardAllowed: { Cfwd_All_Serv: 'No', Cfwd_Busy_Serv: 'No', Cfwd_No_Ans_Serv: 'No' },
      webAccess: { Enable_Web_Server: 'No' },
      syslogServer: { Syslog_Server: 'log.example.org' },
      logLevel: { Debug_Level: 'WARNING' },
      brightness: { Display_Brightness: '9' },
      backlightS: { Back_Light_Timer: '1m' },
      screensaverS: { Screen_Saver_Enable: 'Yes', Screen_Saver_Wait: '300' },
    },
    plainName: (text) => text.replace(/[;$]/g, ' ').trim().replace(/ +/g, '_'),
  },
  digium: {
    read: readDigiumSite,
    sees: {
      backupServer: { 'account.0.alternate': 'pbx2.example.org:5062' },
      backlightS: { backlight_timeout: '60' },
      brightness: { brightness: '6' },
      dot1x: { '8021x_method': 'eap-md5' },
      dot1xIdentity: { '8021x_identity': 'phone <1>', '8021x_anonymous_identity': 'phone <1>' },
      dot1xPassword: { '8021x_password': 'Sw1tch-passw0rd' },
    },
  },
  fanvil: {
    read: readFanvil,
    sees: {
      backupServer: {
        'sip/line.1/BackupAddr': 'pbx2.example.org',
        'sip/line.1/BackupPort': '5062',
        'sip/line.1/BackupTransport': '0',
      },
      backupProxy: { 'sip/line.1/BakProxyAddr': 'proxy2.example.org', 'sip/line.1/BakProxyPort': '5060' },
      mwiExpiresS: { 'sip/line.1/SubExpire': '1800' },
      mwiTone: { 'phone/EnableMWITone': '1' },
      lldp: { 'qos/LLDPTransmit': '1', 'qos/LLDPLearnPolicy': '1' },
      toneCountry: { 'mm/SelectYourTone': '2' },
      brightness: { 'phone/display/LCDLuminanceLevel': '10' },
      backlightS: { 'phone/display/BacklightOffTime': '60' },
      screensaverS: { 'background/TimeoutToScreensaver': '300' },
      paging: {
        'mcast/addr.1/Host': '239.0.0.1',
        'mcast/addr.1/Port': '10000',
        'mcast/addr.1/Name': 'All & all',
        'mcast/addr.2/Host': '239.0.0.2',
        'mcast/addr.3/Host': '',
      },
      ringRules: {
        'call/alertInfo.1/Text': 'external',
        'call/alertInfo.1/RingType': 'Type 2',
        'call/alertInfo.2/Text': 'boss',
      },
    },
  },
  gigaset: {
    read: readGigaset,
    sees: {
      toneCountry: { 'Telephony.ToneScheme': 'ITA' },
      brightness: { 'PhoneUI.Settings.Backlight': '6' },
      backlightS: { 'PhoneUI.Settings.BacklightTimeout': '1' },
      screensaverS: { 'PhoneUI.Settings.ScreenSaverTimeout': '10' },
      ringRules: {
        'SIP.Account.0.Ringtone.HeaderInternal': '<http://127.0.0.1>;info=external',
        'SIP.Account.0.Ringtone.Internal': '02_Memo.mp3',
        'SIP.Account.0.Ringtone.HeaderExternal': '<http://127.0.0.1>;info=boss',
        'SIP.Account.0.Ringtone.HeaderGroup': '',
      },
    },
  },
  'gigaset-n': {
    read: (bytes) => readGigasetBase(bytes).values,
    sees: {
      backupServer: {
        'SipProvider.0.FailoverServerEnabled': '1',
        'SipProvider.0.FailoverServerAddress': 'pbx2.example.org',
        'SipProvider.0.FailoverServerPort': '5062',
      },
    },
  },
  grandstream: {
    read: (bytes) => readGrandstream(bytes).values,
    sees: {
      fileKey: { P1359: KEY },
      backupServer: { P2312: 'pbx2.example.org:5062' },
      backupProxy: { P2333: 'proxy2.example.org' },
      provisioningWindow: { P194: '2', P285: '2', P8459: '5', P8458: '1' },
      mwiExpiresS: { P26051: '30' },
      lldp: { P1684: '1' },
      dot1x: { P7901: '3' },
      dot1xIdentity: { P7902: 'phone <1>' },
      dot1xPassword: { P7903: 'Sw1tch-passw0rd' },
      toneCountry: { P343: 'f1=425,f2=425;', P348: 'f1=425,f2=425,c=48/48;' },
      brightness: { P334: '60' },
      backlightS: { P8356: '1' },
      screensaverS: { P2918: '1', P2919: '5' },
      paging: { P1567: '1', P1569: '239.0.0.1:10000', P1570: 'All & all', P1571: '239.0.0.2:10002', P1573: '' },
      ringRules: { P1488: 'external', P1489: '1', P1490: 'boss', P1491: '3', P1492: '', P26096: '' },
      dndAllowed: { P8446: '0' },
      webAccess: { P1650: '2' },
      syslogServer: { P207: 'log.example.org' },
      logLevel: { P208: '3' },
    },
  },
  'grandstream-dp': { read: (bytes) => readGrandstream(bytes).values, sees: { fileKey: { P1359: KEY } } },
  'grandstream-ht': { read: (bytes) => readGrandstream(bytes).values, sees: { fileKey: { P1359: KEY } } },
  htek: HTEK,
  mitel: {
    read: readMitel,
    sees: {
      backupServer: { 'sip line1 backup proxy ip': 'pbx2.example.org', 'sip line1 backup registrar port': '5062' },
      provisioningWindow: { 'auto resync time': '02:00', 'auto resync max delay': '210' },
      lldp: { lldp: '1' },
      toneCountry: { 'tone set': 'Germany' },
      backlightS: { 'backlight mode': '1', 'bl on time': '60' },
      screensaverS: { 'screen save time': '300' },
      forwardAllowed: { 'call forward disabled': '1' },
      paging: { 'paging group listening': '239.0.0.1:10000,239.0.0.2:10002' },
      webAccess: { 'web interface enabled': '0' },
      syslogServer: { 'log server ip': 'log.example.org', 'log server port': '514' },
    },
  },
  panasonic: {
    read: readPanasonic,
    sees: {
      backupServer: {
        ...{ SIP_2NDPROXY_ADDR_1: 'pbx2.example.org', SIP_2NDPROXY_PORT_1: '5062', SIP_FOVR_NORSP_1: 'Y' },
        ...{ SIP_2NDRGSTR_ADDR_1: 'pbx2.example.org', SIP_2NDRGSTR_PORT_1: '5062' },
      },
      mwiExpiresS: { SIP_SUBS_EXPIRE_1: '1800' },
      syslogServer: { SYSLOG_ADDR: 'log.example.org' },
    },
  },
  poly: {
    read: readPoly,
    sees: {
      backupServer: {
        'reg.1.server.2.address': 'pbx2.example.org',
        'reg.1.server.2.port': '5062',
        'reg.1.server.2.transport': 'UDPOnly',
      },
      provisioningWindow: {
        'prov.polling.mode': 'random',
        'prov.polling.period': '86400',
        'prov.polling.time': '02:00',
        'prov.polling.timeRandomEnd': '05:30',
      },
      mwiTone: { 'se.stutterOnVoiceMail': '1' },
      lldp: { 'device.net.lldpEnabled': '1' },
      dot1x: { 'device.net.dot1x.enabled': '1', 'device.net.dot1x.method': 'EAP-PEAPv0-MSCHAPv2' },
      dot1xIdentity: { 'device.net.dot1x.identity': 'phone <1>' },
      dot1xPassword: { 'device.net.dot1x.password': 'Sw1tch-passw0rd' },
      brightness: { 'up.backlight.onIntensity': '2' },
      backlightS: { 'up.backlight.timeout': '60' },
      screensaverS: { 'up.screenSaver.enabled': '1', 'up.screenSaver.waitTime': '5' },
      powerSaving: { 'powerSaving.enable': '1' },
      ringRules: {
        'voIpProt.SIP.alertInfo.1.value': 'external',
        'voIpProt.SIP.alertInfo.1.class': 'custom1',
        'se.rt.custom1.ringer': 'ringer3',
        'voIpProt.SIP.alertInfo.2.value': 'boss',
        'voIpProt.SIP.alertInfo.3.value': '',
      },
      dndAllowed: { 'feature.doNotDisturb.enable': '0' },
      forwardAllowed: { 'feature.forward.enable': '0' },
      webAccess: { 'httpd.enabled': '0', 'httpd.cfg.enabled': '0' },
      syslogServer: { 'device.syslog.serverName': 'log.example.org', 'device.syslog.transport': 'UDP' },
      logLevel: { 'device.syslog.renderLevel': '4' },
    },
  },
  'sangoma-s': HTEK,
  snom: {
    read: (bytes) => readSnom(bytes).settings,
    sees: {
      provisioningWindow: {
        prov_polling_mode: 'random',
        prov_polling_period: '86400',
        prov_polling_time: '02:00',
        prov_polling_time_rand_end: '05:30',
      },
      mwiExpiresS: { 'user_subscription_expiry/1': '1800' },
      mwiTone: { mwi_dialtone: 'stutter' },
      lldp: { lldp_enable: 'on' },
      toneCountry: { tone_scheme: 'GER' },
      brightness: { backlight: '9' },
      backlightS: { dim_timer: '60' },
      screensaverS: { screen_saver_timeout: '300' },
      ringRules: {
        alert_internal_ring_text: 'external',
        alert_internal_ring_sound: 'Ringer2',
        alert_external_ring_text: 'boss',
        alert_external_ring_sound: 'Ringer4',
        alert_group_ring_text: '',
      },
      paging: {
        multicast_listen: 'on',
        'mc_address/1': '239.0.0.1:10000,priority=10',
        'mc_address/2': '239.0.0.2:10002,priority=9',
        'mc_address/3': '',
      },
      dndAllowed: { no_dnd: 'on' },
      webAccess: { webserver_type: 'off' },
      syslogServer: { syslog_server: 'log.example.org' },
      logLevel: { log_level: '4' },
    },
  },
  yealink: {
    read: readYealink,
    sees: {
      fileKey: {
        'static.auto_provision.aes_key_16.mac': KEY,
        'static.auto_provision.aes_key.mac': KEY,
        'static.auto_provision.update_file_mode': '0',
      },
      backupServer: {
        'account.1.sip_server.2.address': 'pbx2.example.org',
        'account.1.sip_server.2.port': '5062',
        'account.1.sip_server.2.transport_type': '0',
      },
      backupProxy: {
        'account.1.outbound_proxy.2.address': 'proxy2.example.org',
        'account.1.outbound_proxy.2.port': '5060',
      },
      provisioningWindow: {
        'static.auto_provision.repeat.enable': '0',
        'static.auto_provision.flexible.enable': '1',
        'static.auto_provision.flexible.begin_time': '02:00',
        'static.auto_provision.flexible.end_time': '05:30',
      },
      mwiExpiresS: { 'account.1.subscribe_mwi_expires': '1800' },
      mwiTone: { 'features.voice_mail_tone_enable': '1' },
      lldp: { 'static.network.lldp.enable': '1' },
      dot1x: { 'static.network.802_1x.mode': '3' },
      dot1xIdentity: { 'static.network.802_1x.identity': 'phone <1>' },
      dot1xPassword: { 'static.network.802_1x.md5_password': 'Sw1tch-passw0rd' },
      toneCountry: { 'voice.tone.country': 'Germany' },
      brightness: { 'phone_setting.active_backlight_level': '6' },
      backlightS: { 'phone_setting.backlight_time': '60' },
      screensaverS: { 'screensaver.wait_time': '300' },
      powerSaving: { 'features.power_saving.enable': '1' },
      paging: {
        'multicast.listen_address.1.ip_address': '239.0.0.1:10000',
        'multicast.listen_address.1.label': 'All & all',
        'multicast.listen_address.2.ip_address': '239.0.0.2:10002',
        'multicast.listen_address.3.ip_address': '',
      },
      ringRules: {
        'distinctive_ring_tones.alert_info.1.text': 'external',
        'distinctive_ring_tones.alert_info.1.ringer': '2',
        'distinctive_ring_tones.alert_info.2.text': 'boss',
      },
      dndAllowed: { 'features.dnd.allow': '0' },
      forwardAllowed: { 'features.fwd.allow': '0' },
      webAccess: { 'static.wui.http_enable': '0', 'static.wui.https_enable': '0' },
      syslogServer: { 'static.syslog.enable': '1', 'static.syslog.server': 'log.example.org' },
      logLevel: { 'static.syslog.level': '4' },
    },
  },
}
