import { readYealink } from './yealink.ts'

/** What an independent reader makes of a family's `site` case. */
export type SitePhone = {
  read: (bytes: Buffer) => Map<string, string>
  /** By setting, what of it the phone reads. */
  sees: Record<string, Record<string, string>>
  /** Promised, but not said of this model. */
  silent?: readonly string[]
}

/** The phones that site-settings.test.ts asks. */
export const SITE_PHONES: Record<string, SitePhone> = {
  yealink: {
    read: readYealink,
    sees: {
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
