import { AppError } from '../model/app-error.ts'
import { CLOUD_NAMES, cloudOf } from '../redirect/clouds.ts'

/** What an account at each service is made of. */
export function describeClouds(): { document: unknown; text: string } {
  const document = CLOUD_NAMES.map((name) => {
    const { title, maker, login, options, urls, mayHoldToken } = cloudOf(name)
    const regions = Object.keys(urls)
    const described = Object.entries(options).map(([option, { meaning, example, required }]) => ({
      ...{ option, meaning, example, required: required === true },
    }))
    return { service: name, title, maker, secrets: login, options: described, regions, token: mayHoldToken }
  })
  const text = document
    .map(({ service, title, secrets, options, regions, token }) =>
      [
        `${service}: ${title}`,
        `  secrets: ${secrets.join(', ')}`,
        ...(regions.length > 1 ? [`  region=${regions.join('|')}`] : []),
        ...options.map(
          ({ option, meaning, example, required }) =>
            `  ${option}=${example}  ${meaning}${required ? ' (needed)' : ''}`,
        ),
        `  --address token: ${token ? 'possible' : 'not there'}`,
      ].join('\n'),
    )
    .join('\n\n')
  return { document, text }
}

/** Lines `NAME=VALUE`; blank ones and those that begin with # are left out. @throws AppError `input-invalid`, without a value */
export function readLines(content: Buffer): Record<string, string> {
  const lines = content
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  return Object.fromEntries(
    lines.flatMap((line, at) => {
      if (line.trim() === '' || line.startsWith('#')) return []
      const equals = line.indexOf('=')
      if (equals < 1)
        throw new AppError('input-invalid', `Line ${at + 1} of the secrets does not look like NAME=VALUE.`)
      return [[line.slice(0, equals).trim(), line.slice(equals + 1).trim()] as const]
    }),
  )
}

/** Lines of a MAC address and a serial number with a comma, semicolon or tab between them; a line of headers may come first. */
export function readSerialLines(content: Buffer): { mac: string; serial: string }[] {
  const lines = content
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  return lines.flatMap((line, at) => {
    const [mac = '', serial = '', ...rest] = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    if (line.trim() === '' || (at === 0 && /mac/i.test(mac))) return []
    if (mac === '' || serial === '' || rest.length > 0)
      throw new AppError('input-invalid', `Line ${at + 1} of the serial numbers does not look like MAC,SERIAL.`)
    return [{ mac, serial }]
  })
}
