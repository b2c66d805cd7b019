/** Fetches the Debian packages that tests and demo need, before they start; says what is missing and stops otherwise. */
import { findAsterisk } from './asterisk/installation.ts'
import { bundle } from './debian/bundle.ts'

try {
  const asterisk = await findAsterisk()
  console.log(`asterisk  ${asterisk.version}  ${asterisk.program}`)
  const tools = await bundle('tools')
  console.log(`tools     ${tools.packages.length} packages  ${tools.root}`)
  const prometheus = await bundle('prometheus')
  console.log(`promtool  ${prometheus.packages.length} packages  ${prometheus.root}`)
  const dhcp = await bundle('dhcp')
  console.log(`dhcp      ${dhcp.packages.length} packages  ${dhcp.root}`)
} catch (error) {
  console.error(`The Debian packages that Offhook's tests need are missing: ${(error as Error).message}`)
  process.exitCode = 1
}
