import { AppError } from '../model/app-error.ts'
import { parseTokenPath } from '../model/device-token.ts'
import type { Secret } from '../model/secret.ts'
import type { Family } from './family.ts'

/** `picture`: what the QR code says. `tap`: what is opened on the phone itself. Both lead to passwords, once. */
export type AppLink = { picture: string; tap: string }

/**
 * What an app of this family is set up with. Of its words, `{url}` is the whole address of its file, `{path}` the same from
 * the link's token on, `{token}` that alone, `{name}` the device's, `{account}` what the maker calls the tenant.
 * @param link `url`: without a token, and without a closing slash; `token`: of a link that works once
 * @throws AppError `setting-unsupported` for a family whose app reads no picture, `setting-missing` without an account
 */
export function writeAppLink(
  family: Family,
  link: { url: string; token: Secret; name: string; account: string | undefined },
): AppLink {
  if (!family.link)
    throw new AppError('setting-unsupported', `${family.displayName} cannot be set up by a picture or a link.`)
  const { url, name, account } = link
  if (family.link.needsAccount && account === undefined)
    throw new AppError(
      'setting-missing',
      `${family.displayName} needs what its maker calls you: offhook phone-rules ${family.name}=…`,
    )
  const token = link.token.reveal()
  const path = `${token}/${fileOf(family)}`
  const words = {
    ...{ url: `${url}/${path}`, path: encodeURIComponent(path), token },
    ...{ name: encodeURIComponent(name), account: account ?? '' },
  }
  const fill = (text: string) =>
    text.replaceAll(/\{(url|path|token|name|account)\}/g, (_, word: keyof typeof words) => words[word])
  return { picture: fill(family.link.picture), tap: fill(family.link.tap) }
}

/** The file of an app has one spelling: no MAC address is in it. */
function fileOf(family: Family): string {
  const file = family.files.find(({ kind }) => kind === 'device')!
  return parseTokenPath(file.examples[0]!).file
}
