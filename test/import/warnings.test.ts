import { describe, expect, test } from 'vitest'
import { readPeople, type ReadPeopleOptions } from './read-people.ts'

function warn(lines: string[], options: ReadPeopleOptions = {}) {
  const result = readPeople(Buffer.from(lines.join('\n')), options)
  expect(result.problems).toEqual([])
  expect(result.people).toHaveLength(lines.length - 1)
  return result.warnings.map(({ row, field, code, message, suggestion }) => {
    expect(message).not.toBe('')
    expect(suggestion).toBeTruthy()
    return `${row} ${field} ${code}`
  })
}

const phone = ['ext,name,mac,model', '1001,Anna,001565abcdef,T46U', '1002,Otto,,']

describe('warned of, and let through,', () => {
  test('is a password of digits only, in a cell or as a rule', () => {
    expect(warn(['ext,name,password', '1001,Anna,8352746190', '1002,Otto,correct horse'])).toEqual([
      '1 password password-digits-only',
    ])
    const rules = { password_rule: 'temporary', password_digits_only: 'yes' }
    expect(warn(['ext,name', '1001,Anna'], { defaults: [{ name: 'tenant', rules }] })).toEqual([
      '0 password password-digits-only',
    ])
  })

  test('is a list of more than 500 rows', () => {
    const people = Array.from({ length: 501 }, (_, index) => `${1000 + index},P`)
    expect(warn(['ext,name', ...people])).toEqual(['0  runs-in-background'])
    expect(warn(['ext,name', ...people.slice(1)])).toEqual([])
  })

  test('is a phone that nobody will serve', () => {
    expect(warn(phone, { provisioning: false })).toEqual(['1 mac provisioning-off'])
    expect(warn(phone, { defaults: [{ name: 'tenant', rules: { provisioning: 'no' } }] })).toEqual([
      '1 mac provisioning-off',
    ])
    expect(warn(phone, { provisioning: true })).toEqual([])
  })

  test('is one phone more than is usual', () => {
    expect(warn(phone, { deviceCount: () => 1 })).toEqual([])
    expect(warn(phone, { deviceCount: () => 2 })).toEqual(['1 mac device-limit'])
    expect(warn(phone, { deviceCount: () => 2, deviceLimit: 3 })).toEqual([])
    const strict: ReadPeopleOptions = { defaults: [{ name: 'tenant', rules: { device_limit: '1' } }] }
    expect(warn(phone, { ...strict, deviceCount: () => 1 })).toEqual(['1 mac device-limit'])
  })

  test('is an address of another maker than that of the model', () => {
    const makersApart = (mac: string, model: string) =>
      mac.startsWith('001565') && model !== 'T46U' ? { address: 'Yealink', model: 'Grandstream' } : null
    const lines = [...phone.slice(0, 2), '1002,Otto,001565abcd02,GRP2614', '1003,Ida,,']
    expect(warn(lines, { makersApart })).toEqual(['2 mac mac-of-other-maker'])
    const [warning] = readPeople(Buffer.from(lines.join('\n')), { makersApart }).warnings
    expect(warning!.message).toBe('001565abcd02 is an address of Yealink, and GRP2614 a model of Grandstream')
    expect(warning!.suggestion).toMatch(/^Correct mac or model /)
  })

  test('are, once, phones of new people that are told no time zone by anybody', () => {
    const nowhere = { hasZone: () => false }
    expect(warn(phone, nowhere)).toEqual(['0 timezone timezone-unsaid'])
    const many = [...phone, '1003,Ida,001565abcd03,T46U', '1004,Jan,001565abcd04,T46U']
    expect(warn(many, nowhere)).toEqual(['0 timezone timezone-unsaid'])
    const [warning] = readPeople(Buffer.from(many.join('\n')), nowhere).warnings
    expect(warning!.message).toMatch(/^Nobody says the time zone of 3 phones/)

    expect(warn(phone, { hasZone: () => true })).toEqual([])
    expect(warn(phone, { ...nowhere, isKnown: () => true })).toEqual([])
    expect(warn([phone[0]!, phone[2]!], nowhere)).toEqual([])
    expect(warn(['ext,name,mac,model,timezone', '1001,Anna,001565abcdef,T46U,Europe/Berlin'], nowhere)).toEqual([])
    const zone = { timezone: 'Europe/Berlin' }
    expect(warn(phone, { ...nowhere, defaults: [{ name: 'tenant', values: zone }] })).toEqual([])
    const places = { known: { locations: ['Kyiv', 'Oslo'] }, hasZone: (place: unknown) => place === 'Oslo' }
    const apart = (place: string) => ['ext,name,mac,model,location', `1001,Anna,001565abcdef,T46U,${place}`]
    expect(warn(apart('Oslo'), places)).toEqual([])
    expect(warn(apart('Kyiv'), places)).toEqual(['0 timezone timezone-unsaid'])
    expect(warn(phone, { ...nowhere, provisioning: false })).toEqual(['1 mac provisioning-off'])
  })

  test('is a mail domain with a typing error, and its repair is known', () => {
    const lines = ['ext,name,email', '1001,Anna,anna@gmial.com', '1002,Otto,otto@mail.com', '1003,Ida,ida@gmx.ch']
    expect(warn(lines)).toEqual(['1 email email-misspelt'])
    const { warnings } = readPeople(Buffer.from(lines.join('\n')))
    expect(warnings[0]).toMatchObject({ found: 'anna@gmial.com', repair: 'anna@gmail.com' })
  })
})

test('no warning holds a password', () => {
  const { warnings } = readPeople(Buffer.from('ext,name,password\n1001,Anna,8352746190\n'))
  expect(JSON.stringify(warnings)).not.toContain('8352')
})
