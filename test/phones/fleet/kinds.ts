import { ciscoAdapter } from '../bases/cisco.ts'
import { gigasetBase, gigasetMaxwell, gigasetN510 } from '../bases/gigaset.ts'
import { grandstreamPhone } from '../bases/grandstream.ts'
import { panasonicPhone } from '../bases/panasonic.ts'
import type { BootingPhone } from '../bases/phone.ts'
import { obiAdapter } from '../bases/poly-obi.ts'
import { snomPhone } from '../bases/snom.ts'
import { snomBase } from '../bases/snom-m.ts'
import { yealinkPhone } from '../bases/yealink.ts'
import { intercom2n } from '../vendors/2n.ts'
import { groundwire } from '../vendors/acrobits.ts'
import { alcatelPhone } from '../vendors/alcatel.ts'
import { avayaPhone } from '../vendors/avaya.ts'
import { ciscoPhone } from '../vendors/cisco-sep.ts'
import { ciscoProfilePhone } from '../vendors/cisco-spa.ts'
import { dinstarGateway } from '../vendors/dinstar.ts'
import { microsip } from '../vendors/microsip.ts'
import { vtechPhone } from '../vendors/vtech.ts'
import { zoiper } from '../vendors/zoiper.ts'
import { plainPhone } from './plain-phone.ts'

/** Makes phones of one maker; `prefix` is how their MAC addresses begin. */
export type Kind = { prefix: string; make: (mac: string) => BootingPhone }

function kind(prefix: string, make: (mac: string) => BootingPhone): Kind {
  return { prefix, make }
}

function plain(family: string, model: string, prefix: string, userAgent?: (mac: string) => string): Kind {
  return kind(prefix, (mac) => plainPhone({ family, model, mac, ...(userAgent && { userAgent: userAgent(mac) }) }))
}

const colons = (mac: string) => mac.match(/../g)!.join(':')

/** Every family that is shipped at least once; those with many models more often, as in a building. */
export const KINDS: readonly Kind[] = [
  kind('805e0c', (mac) =>
    yealinkPhone({
      ...{ model: 'T54W', mac, common: 'y000000000096.cfg', accounts: 2 },
      userAgent: `Yealink SIP-T54W 96.86.0.20 ${colons(mac)}`,
    }),
  ),
  kind('001565', (mac) =>
    yealinkPhone({
      ...{ model: 'W60B', mac, common: 'y000000000077.cfg', accounts: 3 },
      userAgent: `Yealink W60B 77.83.0.85 ${colons(mac)}`,
    }),
  ),
  kind('000b82', (mac) =>
    grandstreamPhone({ family: 'grandstream', model: 'GXP2170', mac, version: '1.0.11.64', accounts: 2 }),
  ),
  kind('ec74d7', (mac) => grandstreamPhone({ family: 'grandstream-ht', model: 'HT802V2', mac, version: '1.0.5.4' })),
  kind('c074ad', (mac) =>
    grandstreamPhone({ family: 'grandstream-dp', model: 'DP752', mac, version: '1.0.15.7', accounts: 2 }),
  ),
  kind('000413', (mac) => snomPhone({ model: 'D785', mac, accounts: 2 })),
  kind('000413b', (mac) => snomBase({ model: 'M900', mac, accounts: 2 })),
  kind('7c2f80e', (mac) => gigasetBase({ model: 'N870', mac, accounts: 2 })),
  kind('7c2f804', (mac) => gigasetN510({ model: 'N510', mac, accounts: 2 })),
  kind('7c2f80a', (mac) => gigasetMaxwell({ model: 'Maxwell 3', mac })),
  kind('88755a', (mac) =>
    ciscoAdapter({ model: 'ATA192-MPP', mac, userAgent: 'Cisco/ATA192-MPP-11-1-0-MSR4 (FCH2443D9R4)', accounts: 2 }),
  ),
  kind('001873', (mac) => ciscoPhone({ model: 'CP-8841', mac })),
  kind('00562b', (mac) =>
    ciscoProfilePhone({
      ...{ model: 'CP-8851-3PCC', mac, common: '8851-3PCC.xml' },
      userAgent: `Cisco-CP-8851-3PCC/11.3.1 (${mac})`,
    }),
  ),
  kind('0002fd', (mac) =>
    ciscoProfilePhone({
      ...{ model: 'SPA504G', mac, common: 'spa504G.cfg' },
      userAgent: `Cisco/SPA504G-7.4.8a (${mac.toUpperCase()})(CBT141400UK)`,
    }),
  ),
  kind('9cadef', (mac) => obiAdapter({ model: 'OBi302', mac })),
  kind('080023', (mac) => panasonicPhone({ model: 'KX-HDV230', mac, accounts: 2 })),
  kind('c81fea', (mac) => avayaPhone({ model: 'J179', mac })),
  kind('00122a', (mac) => vtechPhone({ model: 'VSP726', mac })),
  kind('f8a03d', (mac) => dinstarGateway({ model: 'DAG1000-2S', mac, accounts: 2 })),
  kind('3c28a6', (mac) => alcatelPhone({ model: 'M3', mac, userAgent: `ALE M3-CE 2.11.01.1604 ${mac}` })),
  kind('7c1eb3', (mac) => intercom2n({ model: '2N IP Verso', mac })),
  plain('poly', 'VVX_450', '0004f2', () => 'FileTransport PolycomVVX-VVX_450-UA/5.9.6.2327 Type/Application'),
  plain('fanvil', 'X4U', '0c383e', (mac) => `Fanvil X4U 2.10.2.6887 ${mac}`),
  plain('htek', 'UC926', '001fc1', (mac) => `Htek UC926 2.0.4.2 ${colons(mac)}`),
  plain('sangoma-s', 'S500', '005058', (mac) => `Sangoma S500 2.0.4.68 ${colons(mac)}`),
  plain('digium', 'P325', '000fd3', () => 'Digium P325 1_4_0_0'),
  plain('mitel', '6930', '00085d'),
  plain('flyingvoice', 'FIP13G', '0021f2', (mac) => `Flyingvoice FIP13G V0.6.24 ${colons(mac).toUpperCase()}`),
  plain('akuvox', 'SP-R55P', '0c1105'),
  plain('audiocodes', '440HD', '00908f', (mac) => `AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; ${mac.toUpperCase()})`),
  kind('', () => groundwire),
  kind('', () => microsip),
  kind('', () => zoiper),
  kind('', () => plainPhone({ family: 'linphone', model: 'Linphone', mac: null, userAgent: 'Linphonec/5.1.65' })),
  kind('', () => plainPhone({ family: 'baresip', model: 'baresip', mac: null })),
]
