import { z } from 'zod'
import { fileKey, host, multicastGroup, port, secret, setting, text, timeWindow } from './setting-types.ts'

// What a site says about its phones beside accounts and keys. `null` is always "as the phone has it": an installation
// that says nothing changes nothing, so that a phone which was given 802.1X by hand is not cut off by its first file.

export const DOT1X_METHODS = ['off', 'eap_md5', 'peap'] as const
export const LOG_LEVELS = ['error', 'warning', 'info', 'debug'] as const
const flag = z.boolean().nullable()

const pagingGroupSchema = z.strictObject({ group: multicastGroup, port, name: text.min(1) })
const ringRuleSchema = z.strictObject({ alertInfo: text.min(1), ring: z.int().min(1).max(8) })

export const siteSettings = {
  provisioningWindow: setting(
    'HH:MM-HH:MM | null',
    'Time of day, on the clock of the phone, in which it asks once a day for its file instead of by the interval',
    timeWindow.nullable(),
  ),
  fileKey: setting(
    'secret of 16 letters and digits | null',
    'Key that the phone opens its file with once files are encrypted',
    fileKey.nullable(),
  ),
  encryptFiles: setting(
    'true | false',
    'Whether a phone that was told its key gets its file encrypted, in the way of its maker',
    z.boolean(),
  ),
  mwiExpiresS: setting(
    'seconds | null',
    'How long a subscription to the message lamp is asked to last',
    z.int().min(60).max(86_400).nullable(),
  ),
  mwiTone: setting('boolean | null', 'Whether a waiting message is also heard in the dial tone', flag),
  lldp: setting('boolean | null', 'Whether the phone asks the switch by LLDP-MED for its VLAN', flag),
  dot1x: setting(
    `${DOT1X_METHODS.join(' | ')} | null`,
    'How the phone logs in to the switch port (802.1X)',
    z.enum(DOT1X_METHODS).nullable(),
  ),
  dot1xIdentity: setting('text | null', 'User name of that log-in', text.min(1).nullable()),
  dot1xPassword: setting('secret | null', 'Password of that log-in', secret.nullable()),
  toneCountry: setting(
    'ISO 3166 country | null',
    'Country whose dial, busy and ring-back tones are played',
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'is not a country such as DE')
      .nullable(),
  ),
  brightness: setting('0..100 | null', 'Brightness of the display in use', z.int().min(0).max(100).nullable()),
  backlightS: setting(
    'seconds | null',
    'How long the display stays bright after its last use; 0: always',
    z.int().min(0).max(7200).nullable(),
  ),
  screensaverS: setting(
    'seconds | null',
    'After how long the screen saver begins; 0: never',
    z.int().min(0).max(21_600).nullable(),
  ),
  powerSaving: setting('boolean | null', 'Whether the phone draws less power out of office hours', flag),
  paging: setting(
    'list of { group, port, name } | null',
    'Multicast addresses that the phone plays, the most urgent one first',
    z.array(pagingGroupSchema).max(10).nullable(),
  ),
  ringRules: setting(
    'list of { alertInfo, ring } | null',
    'Ring tone, by number, of calls whose Alert-Info header holds that text',
    z.array(ringRuleSchema).max(10).nullable(),
  ),
  dndAllowed: setting('boolean | null', 'Whether the user may set "do not disturb" on the phone', flag),
  forwardAllowed: setting('boolean | null', 'Whether the user may forward calls on the phone', flag),
  webAccess: setting('boolean | null', "Whether the phone's web page can be opened", flag),
  syslogServer: setting('host | null', 'Where the phone sends its log', host.nullable()),
  logLevel: setting(
    `${LOG_LEVELS.join(' | ')} | null`,
    'How much of its log the phone sends',
    z.enum(LOG_LEVELS).nullable(),
  ),
}

/** Nothing is said of any of them. */
export const SITE_DEFAULTS = {
  provisioningWindow: null,
  fileKey: null,
  encryptFiles: false,
  mwiExpiresS: null,
  mwiTone: null,
  lldp: null,
  dot1x: null,
  dot1xIdentity: null,
  dot1xPassword: null,
  toneCountry: null,
  brightness: null,
  backlightS: null,
  screensaverS: null,
  powerSaving: null,
  paging: null,
  ringRules: null,
  dndAllowed: null,
  forwardAllowed: null,
  webAccess: null,
  syslogServer: null,
  logLevel: null,
} as const
