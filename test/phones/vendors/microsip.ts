import { need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'

/**
 * Reads an ini file as Windows does (`GetPrivateProfileString`): sections and names in any case, the first of two of one
 * name counts (a file of ours has none twice), a comment is a line that starts with a semicolon, blanks around a value
 * are dropped, and then one pair of equal quotes around the whole of it.
 */
export function readMicrosip(bytes: Buffer): Map<string, string> {
  const values = new Map<string, string>()
  let section = ''
  for (const line of new TextDecoder('utf-8', { fatal: true }).decode(bytes).split(/\r\n|\r|\n/)) {
    if (line.trim() === '' || line.trimStart().startsWith(';')) continue
    const heading = /^\s*\[([^\]]*)\]/.exec(line)?.[1]
    if (heading !== undefined) {
      section = heading.toLowerCase()
      continue
    }
    const match = /^([^=]+)=(.*)$/.exec(line)
    const name = `${section}/${match?.[1]?.trim().toLowerCase()}`
    if (!match || section === '' || values.has(name)) throw new Error('not a setting, or the same one twice')
    values.set(name, match[2]!.trim().replace(/^(["'])(.*)\1$/, '$2'))
  }
  return values
}

/** Somebody gave it the file of one address; it asks for nothing else. */
export const microsip: BootingPhone = {
  ...{ family: 'microsip', model: 'MicroSIP', mac: null, userAgent: 'curl/8.5.0' },
  boot,
}

async function boot(from: string, fetch: Fetch): Promise<Booted> {
  const all = readMicrosip(await need(fetch, `${from}microsip.ini`))
  const account = `account${all.get('settings/accountid')!}`
  const say = (name: string) => all.get(`${account}/${name}`)!
  const server = /^(.*):(\d+)$/.exec(say('server'))!
  return {
    accounts: [
      {
        user: say('username'),
        authUser: say('authid'),
        password: say('password'),
        host: server[1]!,
        port: Number(server[2]),
        transport: say('transport') as 'udp',
      },
    ],
    home: null,
  }
}
