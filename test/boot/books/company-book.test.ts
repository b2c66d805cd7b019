import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openSite, type Site } from '../open-site.ts'

let site: Site
let token: string

beforeAll(async () => {
  site = await openSite()
  const { problems } = await site.importPeople(
    `extension,first_name,last_name,mac,model,language
1001,Zoë,Ångström,805e0c1d6511,T46U,sv
1002,Örjan,Öberg,000b82aabb11,GRP2614,sv
1003,Anna,"<b>&""'",,,sv
1004,דנה,לוי,,,sv
`,
  )
  expect(problems).toEqual([])
  await site.importPeople(
    'extension,first_name,last_name,mac,model\n2001,Eve,Elsewhere,805e0c1d6599,T46U\n',
    {},
    site.desk.zeta,
  )
  token = await site.tokenOf('805e0c1d6511')
})
afterAll(() => site.close())

/** On a machine that does much else, making a book takes a moment, and the next one rests as long. */
function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000, interval: 100 })
}

async function fetchBook(file = 'phonebook.xml', own = token): Promise<string | null> {
  const answer = await site.ask({ token: own, file })
  return answer === null ? null : answer.bytes.toString()
}

function names(book: string | null): string[] {
  return [...(book ?? '').matchAll(/<Name>(.*?)<\/Name>/g)].map((match) => match[1]!)
}

function insert(sql: string, values: unknown[]) {
  return site.database.query(sql, [site.desk.acme.id, ...values])
}

describe('the phonebook of a company', { timeout: 60_000 }, () => {
  it('lists everybody who can be called, and nobody of another tenant', async () => {
    const book = await fetchBook()
    expect(names(book).sort()).toEqual(
      ['Anna &lt;b&gt;&amp;&quot;&apos;', 'Zoë Ångström', 'Örjan Öberg', 'דנה לוי'].sort(),
    )
    expect(book).toContain('<Telephone>1001</Telephone>')
    expect(names(await fetchBook('phonebook.xml', await site.tokenOf('805e0c1d6599', site.desk.zeta)))).toEqual([
      'Eve Elsewhere',
    ])
  })

  it('has groups that can be called and contacts, and follows every change', async () => {
    await insert(
      `insert into offhook.groups (tenant_id, name, number, queue) values ($1, 'Sales', '600', 'sales-acme')`,
      [],
    )
    await insert(`insert into offhook.groups (tenant_id, name, queue) values ($1, 'Silent', 'silent-acme')`, [])
    await insert(
      `insert into offhook.contacts (tenant_id, name, number, mobile) values ($1, 'Plumber', '+49301234567', '+49170')`,
      [],
    )
    await eventually(async () => {
      const book = await fetchBook()
      expect(names(book)).toEqual(expect.arrayContaining(['Sales', 'Plumber']))
      expect(names(book)).not.toContain('Silent')
      expect(book).toContain('<Telephone>+49301234567</Telephone>\n<Telephone>+49170</Telephone>')
    })
    await insert(`update offhook.contacts set name = 'Roofer' where tenant_id = $1`, [])
    await eventually(async () => expect(names(await fetchBook())).toContain('Roofer'))
    await insert(`delete from offhook.contacts where tenant_id = $1`, [])
    await eventually(async () => expect(names(await fetchBook())).not.toContain('Roofer'))
    await insert(`update offhook.users set suspended = true where tenant_id = $1 and first_name = 'Anna'`, [])
    await eventually(async () => expect(names(await fetchBook()).join()).not.toContain('Anna'))
    await site.importPeople('extension,last_name\n1002,Zzz\n', { update: true })
    await eventually(async () => expect(names(await fetchBook())).toContain('Örjan Zzz'))
  })

  it("is in the order and under the name of the tenant's language", async () => {
    const sorted = async (language: string) => {
      await insert(`update offhook.tenants set defaults = jsonb_build_object('language', $2::text) where id = $1`, [
        language,
      ])
      return eventually(async () => {
        const book = await fetchBook()
        expect(book).toContain(`<Title>${{ sv: 'Företag', de: 'Firma' }[language]!}</Title>`)
        return names(book)
      })
    }
    await insert(`update offhook.users set suspended = false where tenant_id = $1`, [])
    // Å, Ä and Ö are the last letters of the Swedish alphabet and accented O in German.
    const swedish = await sorted('sv')
    expect(swedish.indexOf('Örjan Zzz')).toBeGreaterThan(swedish.indexOf('Zoë Ångström'))
    const german = await sorted('de')
    expect(german.indexOf('Örjan Zzz')).toBeLessThan(german.indexOf('Zoë Ångström'))
  })

  it('is made once for all phones of a family, and has an entity tag that changes with it', async () => {
    const [one, other] = [
      await site.ask({ token, file: 'phonebook.xml' }),
      await site.ask({ token, file: 'phonebook.xml' }),
    ]
    expect(one!.bytes).toBe(other!.bytes)
    await insert(`insert into offhook.contacts (tenant_id, name, number) values ($1, 'Tag', '1')`, [])
    await eventually(async () => {
      expect((await site.ask({ token, file: 'phonebook.xml' }))!.etag).not.toBe(one!.etag)
    })
  })

  it('is what the configuration of the phone names', async () => {
    const config = (await site.ask({ token, file: '805e0c1d6511.cfg' }))!.bytes.toString()
    expect(config).toContain(`remote_phonebook.data.1.url = http://phones.example.org:8081/${token}/phonebook.xml\n`)
    expect(config).toContain('remote_phonebook.data.1.name = Företag\n')
  })

  it('comes in the form of each family', async () => {
    const book = (await fetchBook('phonebook.xml', await site.tokenOf('000b82aabb11')))!
    expect(book).toContain('<AddressBook>')
    expect(book).toContain('<FirstName>Zoë</FirstName>\n<LastName>Ångström</LastName>')
  })
})

it('is not among the files whose change has a phone told to fetch again', async () => {
  expect(await fetchBook()).not.toBeNull()
  await site.ask({ token, file: '805e0c1d6511.cfg' })
  await eventually(async () => {
    const contacts = `select file, outcome from offhook.device_contacts where file = 'phonebook.xml' limit 1`
    expect((await site.database.query(contacts)).rows).toEqual([{ file: 'phonebook.xml', outcome: 'served' }])
    const { rows } = await site.database.query('select distinct name from offhook.device_files')
    expect(rows).toEqual([{ name: 'device' }])
  })
}, 60_000)

describe('nobody gets it', { timeout: 60_000 }, () => {
  it('without a token, or for a file that their family does not ask for', async () => {
    expect(await site.ask({ file: 'phonebook.xml' })).toBeNull()
    expect(await site.ask({ token: 'x'.repeat(22), file: 'phonebook.xml' })).toBeNull()
    expect(await fetchBook('directory.xml')).toBeNull()
    await site.release(site.desk.acme, null)
    expect(await site.ask({ file: 'phonebook.xml' })).toBeNull()
    await site.database.query('delete from offhook.release_windows')
  })

  it('over TFTP, unless the tenant lets configurations go that way and a window is open', async () => {
    expect(await site.ask({ token, file: 'phonebook.xml', transport: 'tftp' })).toBeNull()
    await insert(`update offhook.tenants set tftp_configs = true where id = $1`, [])
    await site.release(site.desk.acme, null)
    await eventually(async () =>
      expect(await site.ask({ token, file: 'phonebook.xml', transport: 'tftp' })).not.toBeNull(),
    )
    await site.database.query('delete from offhook.release_windows')
  })

  it('on a phone of a lobby, which has no directory', async () => {
    await insert(
      `update offhook.devices set settings = '{"companyPhonebook": false}' where tenant_id = $1 and mac = '805e0c1d6511'`,
      [],
    )
    await eventually(async () => expect(await fetchBook()).toBeNull())
    expect((await site.ask({ token, file: '805e0c1d6511.cfg' }))!.bytes.toString()).not.toContain('remote_phonebook')
    await insert(`update offhook.devices set settings = '{}' where tenant_id = $1`, [])
    await eventually(async () => expect(await fetchBook()).not.toBeNull())
  })
})

it('is served on while the database is away', async () => {
  const before = await fetchBook()
  site.gate.cut()
  try {
    await vi.waitFor(() => expect(site.lines.some(({ message }) => message.includes('not heard of'))).toBe(true))
    expect(await fetchBook()).toBe(before)
  } finally {
    site.gate.open()
  }
})
