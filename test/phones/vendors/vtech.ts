import { need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'

/**
 * Reads a file as an ErisTerminal does: `module.setting = value` lines, `#` comments, blanks around a value dropped. The
 * phone takes the later one of two of a name; a file of ours has none twice.
 */
export function readVtech(bytes: Buffer): Map<string, string> {
  const settings = new Map<string, string>()
  for (const line of new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r\n|\r|\n/)) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const match = /^([a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)+) *=(.*)$/.exec(line)
    if (!match || settings.has(match[1]!)) throw new Error('not a setting, or the same one twice')
    settings.set(match[1]!, match[2]!.trim())
  }
  return settings
}

/** The file of its model, then its own; what is read last applies. */
export function vtechPhone(made: { model: string; mac: string; accounts?: number }): BootingPhone {
  return { family: 'vtech', userAgent: '', ...made, boot: (from, fetch) => boot(from, fetch, made) }
}

async function boot(from: string, fetch: Fetch, made: { model: string; mac: string }): Promise<Booted> {
  const all = new Map<string, string>()
  for (const name of [`${made.model}.cfg`, `${made.model}_${made.mac.toUpperCase()}.cfg`])
    for (const [key, value] of readVtech(await need(fetch, from + name))) all.set(key, value)
  const enabled = [...all].filter(
    ([name, value]) => /^sip_account\.\d+\.sip_account_enable$/.test(name) && value === '1',
  )
  const accounts = enabled.map(([name]) => {
    const say = (what: string) => all.get(name.replace('sip_account_enable', what))!
    return {
      user: say('user_id'),
      authUser: say('authentication_name'),
      password: say('authentication_access_password'),
      host: say('primary_registration_server_address'),
      port: Number(say('primary_registration_server_port')),
      transport: say('transport_mode') as 'udp',
    }
  })
  return { accounts, home: all.get('provisioning.server_address')! }
}
