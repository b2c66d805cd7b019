import { expect, test } from 'vitest'
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
