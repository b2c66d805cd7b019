import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../model/app-error.ts'
import type { Family } from '../phones/family.ts'

/** The certificate authorities of makers that an admin trusts to name phones, by family. */
export type Authorities = {
  byFamily: ReadonlyMap<string, readonly X509Certificate[]>
  /** All of them in PEM: what a server tells phones that it would believe. */
  pem: readonly string[]
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Reads `<folder>/<family>/*.pem|crt|cer|der`. The authority that signs the phones' certificates must be among them: its
 * signature is all that is looked at, so a root above it is neither needed nor enough.
 * @throws AppError `config-invalid` naming every folder and file that will not do
 */
export function readAuthorities(folder: string, families: readonly Family[]): Authorities {
  const faults: string[] = []
  const byFamily = new Map<string, X509Certificate[]>()
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name))) {
    const family = families.find(({ name }) => name === entry.name)
    if (entry.isFile()) continue
    if (!family) faults.push(`${entry.name}/ is no phone family`)
    else if (!family.certificate) faults.push(`${entry.name}/: it is not known where its certificates name the phone`)
    else byFamily.set(family.name, readFolder(folder, entry.name, faults))
  }
  if (faults.length > 0)
    throw new AppError('config-invalid', faults.map((fault) => `OFFHOOK_DEVICE_CA_DIR: ${fault}`).join('\n'))
  const all = [...byFamily.values()].flat()
  const pem = new Map(all.map((authority) => [authority.fingerprint256, authority.toString()]))
  return { byFamily, pem: [...pem.values()] }
}

function readFolder(folder: string, family: string, faults: string[]): X509Certificate[] {
  const names = readdirSync(join(folder, family))
    .filter((name) => /\.(?:pem|crt|cer|der)$/i.test(name))
    .sort()
  return names.flatMap((name) => {
    const place = `${family}/${name}`
    try {
      const certificates = parse(readFileSync(join(folder, place)))
      const leaves = certificates.filter(({ ca }) => !ca)
      if (leaves.length > 0) faults.push(`${place} holds the certificate of no authority: ${leaves[0]!.subject}`)
      return certificates
    } catch (error) {
      faults.push(`${place} cannot be read as certificates: ${(error as Error).message}`)
      return []
    }
  })
}

/** One certificate in DER, or any number in PEM. */
function parse(bytes: Buffer): X509Certificate[] {
  const blocks = bytes.toString('latin1').match(PEM)
  return blocks ? blocks.map((block) => new X509Certificate(block)) : [new X509Certificate(bytes)]
}
