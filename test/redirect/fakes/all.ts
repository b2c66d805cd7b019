import type { CloudName } from '../../../src/redirect/clouds.ts'
import type { FakeCloud } from './fake-cloud.ts'
import { openFakeFanvil } from './fanvil.ts'
import { openFakeGdms } from './gdms.ts'
import { openFakeGigaset } from './gigaset.ts'
import { openFakeHawk } from './hawk.ts'
import { openFakePoly } from './poly.ts'
import { openFakeRps } from './yealink-rps.ts'
import { openFakeYmcs } from './yealink-ymcs.ts'

/** A strict fake of every service that there is a connector for. */
export const FAKES: Record<CloudName, () => Promise<FakeCloud>> = {
  'yealink-ymcs': openFakeYmcs,
  'yealink-rps': openFakeRps,
  'snom-sraps': openFakeHawk,
  'grandstream-gdms': openFakeGdms,
  'poly-ztp': openFakePoly,
  'fanvil-fdps': openFakeFanvil,
  'gigaset-redirect': openFakeGigaset,
  'gigaset-grape': () => openFakeHawk({ setting: 'ProvisioningServer', oui: '7c2f80' }),
}
