import type { Route } from './route.ts'
import { assetRoutes } from './routes/assets.ts'
import { auditRoutes } from './routes/audit.ts'
import { claimCodeRoutes } from './routes/claim-codes.ts'
import { contactRoutes } from './routes/contacts.ts'
import { deviceLinkRoutes } from './routes/device-links.ts'
import { deviceRoutes } from './routes/devices.ts'
import { firmwareRoutes } from './routes/firmware.ts'
import { didRoutes } from './routes/dids.ts'
import { groupRoutes } from './routes/groups.ts'
import { importFileRoutes } from './routes/import-files.ts'
import { importRoutes } from './routes/imports.ts'
import { importRepairRoutes } from './routes/import-repairs.ts'
import { locationRoutes } from './routes/locations.ts'
import { mailRoutes } from './routes/mails.ts'
import { profileRoutes } from './routes/profiles.ts'
import { settingsRoutes } from './routes/settings.ts'
import { redirectRoutes } from './routes/redirects.ts'
import { phoneLifeRoutes } from './routes/phone-life.ts'
import { phoneLoginRoutes } from './routes/phone-logins.ts'
import { roleRoutes } from './routes/roles.ts'
import { rolloutRoutes } from './routes/rollouts.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { trunkRoutes } from './routes/trunks.ts'
import { userRoutes } from './routes/users.ts'
import { webhookRoutes } from './routes/webhooks.ts'

/** Every route of the API. Of two that fit an address, the earlier one is taken. */
export const ROUTES: readonly Route[] = [
  ...userRoutes,
  ...groupRoutes,
  ...contactRoutes,
  ...importRoutes,
  ...importFileRoutes,
  ...importRepairRoutes,
  ...mailRoutes,
  ...deviceRoutes,
  ...phoneLifeRoutes,
  ...deviceLinkRoutes,
  ...phoneLoginRoutes,
  ...claimCodeRoutes,
  ...firmwareRoutes,
  ...rolloutRoutes,
  ...assetRoutes,
  ...tenantRoutes,
  ...locationRoutes,
  ...profileRoutes,
  ...settingsRoutes,
  ...roleRoutes,
  ...didRoutes,
  ...trunkRoutes,
  ...tokenRoutes,
  ...webhookRoutes,
  ...redirectRoutes,
  ...auditRoutes,
]
