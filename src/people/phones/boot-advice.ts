import type { Family } from '../../phones/family.ts'
import { type BootAddress, fillIn, splitBootAddress } from '../../phones/boot-address.ts'

/** What an installer is told of how a phone finds its files; it differs with its family. */
export type BootAdvice = {
  /** What DHCP has to say: `option 150 = 192.0.2.1`. */
  dhcp: string
  /** What to do at phones whose file cannot hold their address; null: the address alone does it. */
  steps: string | null
  /** What to do where its tenant does not let TFTP carry files; null: nothing of its own. */
  tftp: string | null
}

/**
 * @param phonesUrl how phones reach their files, without a token
 * @param own where this one fetches, with a closing slash; absent: `phonesUrl` stands for it
 */
export function adviseBoot(family: Family | undefined, phonesUrl: string, name: string, own?: string): BootAdvice {
  const boot = splitBootAddress(phonesUrl, null)
  const say = (text: string | undefined) =>
    text === undefined
      ? null
      : fillAll(text, boot)
          .replaceAll('{own}', own ?? `${boot.url}/`)
          .replaceAll('{phone}', name)
  return {
    dhcp: describeDhcp(family, boot),
    steps: say(family?.installer?.steps),
    tftp: say(family?.installer?.tftp),
  }
}

function describeDhcp(family: Family | undefined, boot: BootAddress): string {
  const option = family?.dhcp?.options.find(({ scheme }) => scheme === undefined || scheme === boot.scheme)
  if (!option) return `option 66 = ${boot.url}`
  const place = option.suboption === undefined ? '' : ` suboption ${option.suboption}`
  return `option ${option.code}${place} = ${fillAll(option.value, boot)}`
}

/** An option that holds an IPv4 address is described where only a name is known. */
function fillAll(text: string, boot: BootAddress): string {
  return fillIn(text, boot) ?? fillIn(text, { ...boot, address: `the IPv4 address of ${boot.host}` })!
}
