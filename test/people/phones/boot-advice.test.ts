import { expect, test } from 'vitest'
import { describePhone } from '../../../src/cli/describe-phone.ts'
import { diagnosePhone } from '../../../src/people/phones/diagnose-phone.ts'
import { adviseBoot } from '../../../src/people/phones/boot-advice.ts'
import { explainOutcome } from '../../../src/people/phones/outcome-words.ts'
import { families, familyOf } from '../../phones/shipped.ts'

const URL = 'http://pbx.example.org:8081'
const OWN = `${URL}/Abcdefghijklmnopqrstuv/`
const MAC = '001873abcdef'

test('what DHCP has to say is told in the option of the family', () => {
  const dhcp = (family: string, url = URL) => adviseBoot(familyOf(family), url, MAC).dhcp
  expect(dhcp('yealink')).toBe(`option 66 = ${URL}/`)
  expect(dhcp('cisco-sep', 'http://192.0.2.1:8081')).toBe('option 150 = 192.0.2.1')
  expect(dhcp('cisco-sep')).toBe('option 150 = the IPv4 address of pbx.example.org')
  expect(adviseBoot(undefined, URL, MAC)).toEqual({ dhcp: `option 66 = ${URL}`, steps: null, tftp: null })
})

test('where a file cannot hold the address, what to do at the phone is told instead', () => {
  const steps = (family: string) => adviseBoot(familyOf(family), URL, MAC, OWN).steps
  expect(steps('cisco-sep')).toMatch(/option 150 .*TFTP Server 1.*tftp=on.*6970.*offhook phone release 001873abcdef/)
  expect(steps('cisco-sep')).not.toContain(OWN)
  for (const family of ['2n', 'dinstar']) expect(steps(family)).toContain(`Enter ${OWN} on its web page`)
  expect(steps('microsip')).toContain(`${OWN}microsip.ini`)
  for (const family of ['yealink', 'digium', 'snom']) expect(steps(family)).toBeNull()
  for (const family of families) expect(steps(family.name) ?? '').not.toMatch(/[{}]/)
})

test('a phone that knows TFTP first is not sent to HTTP, and one that takes no address is given none to enter', () => {
  const cure = (outcome: 'tftp-consent' | 'unknown-file', family: string) =>
    explainOutcome(outcome, MAC, { phonesUrl: URL, families }, family).cure
  expect(cure('tftp-consent', 'cisco-sep')).toMatch(/^offhook phone-rules tftp=on.*6970/)
  expect(cure('tftp-consent', 'yealink')).toMatch(/^Let it use HTTP: DHCP option 66 = http:.*8081\/\. If/)
  expect(cure('unknown-file', 'cisco-sep')).toMatch(/^It takes no address/)
  expect(cure('unknown-file', 'poly')).toMatch(/^Have DHCP say option \d+ = .*, or enter http:/)
})

test('a phone that never asked is not said to want an address that it does not take', () => {
  const account = { name: '1001-acme', line: 1, suspended: false, phones: 1, contacts: [], reachable: null }
  const never = { registered_at: null, callable_at: null, gone_at: null }
  const story = (family: string) => ({
    ...{ id: 1, name: MAC, mac: MAC, family, model: 'any', sealed_at: null, released_until: null, seen: null },
    ...{ accounts: [{ ...account, ...never }], last_served: null, last_common: null, last_refused: null },
    ...{ last_unlisted: null, resync: null, redirect: null, exposed: null, certificate: null, contacts: [] },
  })
  const cure = (family: string) =>
    diagnosePhone(story(family), { phonesUrl: URL, sipHost: 'pbx.example.org', families }).cure
  expect(cure('cisco-sep')).toMatch(/Does it know where its file is\?.*phone show 001873abcdef/)
  expect(cure('cisco-sep')).not.toContain('option')
  expect(cure('yealink')).toContain(`option 66 = ${URL}/?`)
  const page = (family: string, own: string) => {
    const { steps } = adviseBoot(familyOf(family), URL, MAC, own)
    const diagnosis = { state: 'unseen', cause: 'x', cure: 'y' } as const
    return /^fetches +(.*)$/m.exec(describePhone(story(family), diagnosis, { address: own, steps }))![1]
  }
  expect(page('yealink', OWN)).toBe(`${OWN} (secret: whoever knows that address gets the passwords)`)
  expect(page('2n', OWN)).toMatch(/^Its file cannot hold its address\. Enter http.*\(secret: /)
  expect(page('cisco-sep', OWN)).toMatch(/^It takes no address.*restart it\.$/)
})
