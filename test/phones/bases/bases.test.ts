import { itBootsAndRegisters } from './boot-and-register.ts'
import { yealinkPhone } from './yealink.ts'

itBootsAndRegisters([
  yealinkPhone({
    model: 'T54W',
    mac: '805e0c1d6501',
    userAgent: 'Yealink SIP-T54W 96.86.0.20 80:5e:0c:1d:65:01',
    common: 'y000000000096.cfg',
  }),
])
