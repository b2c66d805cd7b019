import { itBootsAndRegisters } from './boot-and-register.ts'
import { ciscoAdapter } from './cisco.ts'
import { gigasetBase, gigasetN510 } from './gigaset.ts'
import { grandstreamPhone } from './grandstream.ts'
import { panasonicPhone } from './panasonic.ts'
import { obiAdapter } from './poly-obi.ts'
import { snomBase } from './snom-m.ts'
import { yealinkPhone } from './yealink.ts'

itBootsAndRegisters([
  yealinkPhone({
    model: 'W60B',
    mac: '805e0c1d6501',
    userAgent: 'Yealink W60B 77.83.0.85 80:5e:0c:1d:65:01',
    common: 'y000000000077.cfg',
    accounts: 8,
  }),
  yealinkPhone({
    model: 'W90DM',
    mac: '805e0c1d6502',
    userAgent: 'Yealink W90DM 130.87.0.10 80:5e:0c:1d:65:02',
    common: 'y000000000130.cfg',
    accounts: 3,
  }),
  yealinkPhone({
    model: 'CP965',
    mac: '805e0c1d6503',
    userAgent: 'Yealink CP965 143.86.0.60 80:5e:0c:1d:65:03',
    common: 'y000000000143.cfg',
  }),
  grandstreamPhone({
    family: 'grandstream-ht',
    model: 'HT802V2',
    mac: 'ec74d763e401',
    version: '1.0.5.4',
    accounts: 2,
  }),
  grandstreamPhone({ family: 'grandstream-ht', model: 'HT818', mac: 'ec74d763e402', version: '1.0.47.1', accounts: 8 }),
  grandstreamPhone({ family: 'grandstream-dp', model: 'DP752', mac: '000b82aabb03', version: '1.0.15.7', accounts: 5 }),
  snomBase({ model: 'M400', mac: '000413b60601', accounts: 4 }),
  snomBase({ model: 'M900', mac: '000413b60602', accounts: 2 }),
  gigasetBase({ model: 'N670', mac: '7c2f80e0d601', accounts: 5 }),
  gigasetBase({ model: 'N870', mac: '7c2f80e0d602', accounts: 2 }),
  gigasetN510({ model: 'N510', mac: '7c2f804df901', accounts: 6 }),
  ciscoAdapter({
    model: 'ATA192-MPP',
    mac: '88755a000004',
    userAgent: 'Cisco/ATA192-MPP-11-1-0-MSR4 (FCH2443D9R4)',
    accounts: 2,
  }),
  ciscoAdapter({ model: 'SPA112', mac: '88755a000005', userAgent: 'Cisco/SPA112-1.4.1(SR5) (88755A000005)' }),
  obiAdapter({ model: 'OBi302', mac: '9cadef100003', accounts: 2 }),
  obiAdapter({ model: 'OBi508', mac: '9cadef100004', accounts: 8 }),
  panasonicPhone({ model: 'KX-TGP600', mac: '080023e21a01', accounts: 8 }),
])
