import { itBootsAndRegisters } from '../bases/boot-and-register.ts'
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

itBootsAndRegisters([
  ciscoPhone({ model: 'CP-8841', mac: '001873aa0001' }),
  ciscoPhone({ model: 'CP-7942G', mac: '001873aa0002' }),
  avayaPhone({ model: 'J179', mac: 'c81feaaa0001' }),
  avayaPhone({ model: 'J129', mac: 'c81feaaa0002' }),
  vtechPhone({ model: 'VSP726', mac: '00122aaa0001', accounts: 2 }),
  vtechPhone({ model: 'VCS754', mac: '00122aaa0002' }),
  dinstarGateway({ model: 'DAG1000-2S', mac: 'f8a03daa0001', accounts: 2 }),
  alcatelPhone({ model: 'M3', mac: '3c28a6aa0001', userAgent: 'ALE M3-CE 2.11.01.1604 3c28a6aa0001', accounts: 2 }),
  alcatelPhone({ model: 'H3', mac: '3c28a6aa0002', userAgent: '' }),
  microsip,
  groundwire,
  zoiper,
  intercom2n({ model: '2N IP Verso', mac: '7c1eb3aa0001', accounts: 2 }),
  ciscoProfilePhone({
    model: 'CP-8851-3PCC',
    mac: '00562baa0001',
    userAgent: 'Cisco-CP-8851-3PCC/11.3.1 (00562baa0001)',
    common: '8851-3PCC.xml',
    accounts: 2,
  }),
  ciscoProfilePhone({
    model: 'SPA504G',
    mac: '0002fdaa0002',
    userAgent: 'Cisco/SPA504G-7.4.8a (0002FDAA0002)(CBT141400UK)',
    common: 'spa504G.cfg',
  }),
])
