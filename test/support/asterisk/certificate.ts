import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle } from '../debian/bundle.ts'
import { runOrThrow } from '../debian/run.ts'

/** Paths of PEM files: a self-signed certificate for `localhost` and 127.0.0.1, and its key. */
export type Certificate = { certificate: string; key: string }

/** Makes a certificate for tests in `folder`. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const tools = await bundle('tools')
  const config = join(folder, 'openssl.cnf')
  const made = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }
  await writeFile(
    config,
    `[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
subjectAltName = DNS:localhost,IP:127.0.0.1
basicConstraints = critical,CA:TRUE
`,
  )
  await runOrThrow(
    tools.program('openssl'),
    // prettier-ignore
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
      '-config', config, '-keyout', made.key, '-out', made.certificate],
    { OPENSSL_CONF: config },
  )
  return made
}
