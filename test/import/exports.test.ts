import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPeopleFrom } from './read-people.ts'
import { Secret } from '../../src/model/secret.ts'

/** What a file of another system maps to: column = field, and the columns that hold that system's secrets. */
type Expected = { system: string; mapped: string[]; secret: string[]; unread: string[] }

function readExport(name: string, options: Parameters<typeof readPeopleFrom>[1] = {}) {
  const bytes = readFileSync(join(import.meta.dirname, 'exports', `${name}.csv`))
  const known = { locations: ['Berlin'], models: ['T46U'], roles: ['Supervisor'], ...options.known }
  return readPeopleFrom({ kind: 'file', bytes }, { allocateExtensions: true, ...options, known })
}

const exports: [string, Expected][] = [
  [
    'freepbx',
    {
      system: 'FreePBX',
      mapped: [
        'extension = extension',
        'name = full_name',
        'outboundcid = caller_id',
        'languages_language = language',
        'voicemail_vmpwd = voicemail_pin',
        'voicemail_email = voicemail_email',
        'voicemail_pager = pager',
      ],
      secret: ['password', 'md5_cred', 'outbound_auth', 'secret'],
      unread: ['ringtimer', 'devicetype', 'user', 'description', 'callerid', 'mailbox', 'transport'],
    },
  ],
  [
    'fusionpbx',
    {
      system: 'FusionPBX',
      mapped: [
        'extension_uuid = external_id',
        'extension = extension',
        'effective_caller_id_name = full_name',
        'outbound_caller_id_number = caller_id',
        'call_group = tags',
        'enabled = suspended',
      ],
      secret: ['password'],
      unread: ['effective_caller_id_number', 'directory_first_name', 'accountcode', 'user_context', 'unique_id'],
    },
  ],
  [
    '3cx',
    {
      system: '3CX',
      mapped: [
        'Number = extension',
        'FirstName = first_name',
        'LastName = last_name',
        'EmailAddress = email',
        'PIN = voicemail_pin',
        'OutboundCallerID = caller_id',
        'Disabled = suspended',
        'MAC_0 = mac',
        'PhoneModel14 = model',
        'DID = did',
      ],
      secret: ['AuthPassword', 'DeskphoneWebPass', 'SrvcAccessPwd'],
      unread: ['MobileNumber', 'AuthID', 'WebMeetingFriendlyName', 'PhoneTemplate14'],
    },
  ],
  [
    'yeastar',
    {
      system: 'Yeastar',
      mapped: [
        'First Name = first_name',
        'Last Name = last_name',
        'Email Address = email',
        'Organization = tags',
        'User Role = role',
        'Extension Number = extension',
        'Voicemail Access PIN = voicemail_pin',
      ],
      secret: ['User Password', 'Registration Password'],
      unread: ['Mobile Number', 'Caller ID', 'Registration Name', 'Email Language', 'Enable Voicemail'],
    },
  ],
  [
    'wazo',
    {
      system: 'Wazo',
      mapped: [
        'uuid = external_id',
        'firstname = first_name',
        'lastname = last_name',
        'email = email',
        'language = language',
        'enabled = suspended',
        'username = username',
        'exten = extension',
        'outgoing_caller_id = caller_id',
        'voicemail_password = voicemail_pin',
        'voicemail_email = voicemail_email',
        'incall_exten = did',
      ],
      secret: ['password', 'sip_secret', 'call_permission_password', 'provisioning_code'],
      unread: ['mobile_phone_number', 'context', 'sip_username', 'voicemail_name', 'userfield'],
    },
  ],
  [
    'entra',
    {
      system: 'Microsoft Entra',
      mapped: [
        'userPrincipalName = username',
        'surname = last_name',
        'mail = email',
        'givenName = first_name',
        'id = external_id',
        'department = tags',
        'accountEnabled = suspended',
        'officeLocation = location',
        'telephoneNumber = did',
      ],
      secret: [],
      unread: ['displayName', 'userType', 'jobTitle', 'usageLocation', 'mobilePhone', 'identityIssuer'],
    },
  ],
  [
    'google',
    {
      system: 'Google Workspace',
      mapped: [
        'First Name [Required] = first_name',
        'Last Name [Required] = last_name',
        'Email Address [Required] = email',
        'Status [READ ONLY] = suspended',
        'Work Phone = did',
        'Employee ID = external_id',
        'Department = tags',
        'Building ID = location',
      ],
      secret: ['Password [Required]'],
      unread: ['Org Unit Path [Required]', 'Recovery Email', 'Mobile Phone', 'Manager Email', 'Employee Title'],
    },
  ],
  [
    'entra-bulk-create',
    {
      system: 'Microsoft Entra',
      mapped: [
        'User name [userPrincipalName] Required = email',
        'Block sign in (Yes/No) [accountEnabled] Required = suspended',
        'First name [givenName] = first_name',
        'Last name [surname] = last_name',
        'Department [department] = tags',
        'Office [physicalDeliveryOfficeName] = location',
        'Office phone [telephoneNumber] = did',
      ],
      secret: ['Initial password [passwordProfile] Required'],
      unread: ['Name [displayName] Required', 'Usage location [usageLocation]', 'Mobile phone [mobile]'],
    },
  ],
]

describe('a file of another system maps without a hand:', () => {
  test.each(exports)('%s', async (name, { system, mapped, secret, unread }) => {
    const { columns, header } = await readExport(name)
    expect(columns.system).toBe(system)
    expect(columns.mapped.map((column) => `${column.header} = ${column.field}`)).toEqual(mapped)
    expect(columns.ignored.map((column) => `${column.header} ${column.reason}`)).toEqual(
      secret.map((column) => `${column} secret`),
    )
    expect(columns.unknown).toEqual(expect.arrayContaining(unread))
    // Nothing is dropped in silence.
    expect(mapped.length + secret.length + columns.unknown.length).toBe(header.length)
  })
})

describe('its rows are people:', () => {
  const ADA = { first_name: 'Ada', last_name: 'Example' }
  const people: [string, object, object][] = [
    [
      'freepbx',
      { ...ADA, extension: '2001', caller_id: '+4930123450001', voicemail_email: 'ada@example.org', language: 'de' },
      { extension: '2002', first_name: 'Ben' },
    ],
    [
      'fusionpbx',
      { ...ADA, extension: '2001', caller_id: '+4930123450001', tags: ['sales'], suspended: false },
      { first_name: 'Ben', extension: '2002', suspended: true },
    ],
    [
      '3cx',
      { ...ADA, email: 'ada@example.org', mac: '001565abcd01', model: 'T46U', did: '+4930123450001', suspended: false },
      { first_name: 'Ben', suspended: true },
    ],
    ['yeastar', { ...ADA, extension: '2001', tags: ['Example/Sales'] }, { first_name: 'Ben', role: 'Supervisor' }],
    [
      'wazo',
      { ...ADA, extension: '2001', language: 'de-DE', caller_id: '+4930123450001', suspended: false },
      { extension: '2002', suspended: true },
    ],
    [
      'entra',
      { ...ADA, username: 'ada@example.org', did: '+4930123450001', location: 'Berlin', suspended: false },
      { first_name: 'Ben', suspended: true },
    ],
    [
      'google',
      { ...ADA, external_id: 'E-1', did: '+4930123450001', tags: ['Sales'], suspended: false },
      { first_name: 'Ben', suspended: true },
    ],
  ]
  test.each(people)('%s', async (name, ada, ben) => {
    const { people: read, problems } = await readExport(name)
    expect(problems).toEqual([])
    expect(read).toMatchObject([ada, ben])
  })
})

test('the version line of Entra’s bulk files is not the header', async () => {
  const { detected, people } = await readExport('entra-bulk-create')
  expect(detected).toMatchObject({ headerRow: 2, delimiter: ',' })
  expect(people).toMatchObject([{ row: 1, email: 'ada@example.org', suspended: false, location: 'Berlin' }])
})

test('secrets of the other system are in no answer, not even for rows with problems', async () => {
  for (const name of ['freepbx', 'fusionpbx', '3cx', 'yeastar', 'wazo']) {
    const result = await readExport(name, { defaults: [{ name: 'set', values: { email: 'nobody' } }] })
    expect(result.faulty).toHaveLength(2)
    expect(JSON.stringify(result)).not.toContain('not-for-you')
    const opened = result.faulty
      .flatMap(({ cells }) => cells)
      .map((cell) => (cell instanceof Secret ? cell.reveal() : ''))
    expect(opened.join()).toContain('not-for-you')
  }
})

test('a column that an admin adds to such a file is read too', async () => {
  const bytes = Buffer.from(
    'extension,tech,devicetype,sipdriver,name,MAC-Adresse\n2001,pjsip,fixed,x,Ada,001565abcd01\n',
  )
  const { columns } = await readPeopleFrom({ kind: 'file', bytes })
  expect(columns).toMatchObject({
    system: 'FreePBX',
    mapped: [{ field: 'extension' }, { field: 'full_name' }, { field: 'mac', by: 'dictionary' }],
  })
})

test('roles and departments of 3CX and Yeastar are read without a hand', async () => {
  const known = { roles: ['admin', 'user'], groups: [] }
  const read = (...lines: string[]) => readPeopleFrom({ kind: 'file', bytes: Buffer.from(lines.join('\n')) }, { known })
  const own = await read(
    'Number,FirstName,LastName,AuthID,AuthPassword,Role,Department',
    ...['100,Ada,Abel,a,x,system_owners,DEFAULT', '101,Ben,Bell,b,x,receptionists,Sales', '102,Cy,Coe,c,x,users,'],
  )
  expect(own.problems).toEqual([])
  expect(own.people).toMatchObject([{ role: 'admin', tags: ['DEFAULT'] }, { role: 'user' }, { role: 'user' }])
  const star = await read(
    'Extension Number,First Name,Registration Name,Registration Password,User Role,Organization',
    '801,Ada,r,x,None,Example/Sales',
  )
  expect(star.problems).toEqual([])
  expect(star.people).toMatchObject([{ tags: ['Example/Sales'] }])
})
