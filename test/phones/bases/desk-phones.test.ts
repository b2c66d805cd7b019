import { itBootsAndRegisters } from './boot-and-register.ts'
import { gigasetMaxwell } from './gigaset.ts'
import { grandstreamPhone } from './grandstream.ts'
import { panasonicPhone } from './panasonic.ts'
import { snomPhone } from './snom.ts'
import { yealinkPhone } from './yealink.ts'

// The desk phones of the makers whose bases and adapters are proved beside this.
itBootsAndRegisters([
  yealinkPhone({
    model: 'T54W',
    mac: '805e0c1d6511',
    userAgent: 'Yealink SIP-T54W 96.86.0.20 80:5e:0c:1d:65:11',
    common: 'y000000000096.cfg',
    accounts: 2,
  }),
  grandstreamPhone({ family: 'grandstream', model: 'GXP2170', mac: '000b82aabb11', version: '1.0.11.64', accounts: 3 }),
  snomPhone({ model: 'D785', mac: '000413922d11', accounts: 2 }),
  snomPhone({ model: 'D862', mac: '000413922d12' }),
  panasonicPhone({ model: 'KX-HDV230', mac: '080023e21a11', accounts: 2 }),
  gigasetMaxwell({ model: 'Maxwell 3', mac: '7c2f80e61a11', accounts: 2 }),
])
