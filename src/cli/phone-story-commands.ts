import type { Command } from 'commander'
import { listen } from '../db/listen.ts'
import { listWaiting } from '../db/waiting-phones.ts'
import { AppError } from '../model/app-error.ts'
import { findDevice } from '../people/find-device.ts'
import { listDevices } from '../people/list-devices.ts'
import { adviseBoot } from '../people/phones/boot-advice.ts'
import { diagnosePhone } from '../people/phones/diagnose-phone.ts'
import { followContacts } from '../people/phones/follow-phones.ts'
import { nameOutcomeOfUnlisted } from '../people/phones/outcome-words.ts'
import { listStories, readStory } from '../people/phones/read-story.ts'
import { resyncAll } from '../people/phones/resync-all.ts'
import { countBookOf } from '../people/contacts/company-book.ts'
import type { ContactOutcome } from '../model/contact-outcome.ts'
import type { App, Run } from './app.ts'
import { describeBook } from './describe-book.ts'
import { describeFollowed, describePhone, time } from './describe-phone.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `phones` and `phone show`: how far each phone came, and why no further. */
export function addPhoneStoryCommands(program: Command, phone: Command, run: Run): void {
  program
    .command('phones')
    .option('--follow', 'go on with each contact of a phone as it happens, until stopped', false)
    .option('--waiting', 'those that asked for files and are in no list', false)
    .description('list the phones of the tenant and how far each came')
    .action((flags: { follow: boolean; waiting: boolean }) =>
      run((app) => (flags.follow ? follow(app) : flags.waiting ? showWaiting(app) : list(app))),
    )
  phone
    .command('show')
    .argument('<mac>')
    .description('whether it works, else why not and what to do; what it asked for, and where it fetches its files')
    .action((mac: string) => run((app) => show(app, mac)))
}

async function list(app: App): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const site = await readSite(app)
  const stories = new Map((await listStories(desk, tenant)).map((story) => [story.name, story]))
  const devices = (await listDevices(desk, tenant)).map((device) => {
    const story = stories.get(device.name)!
    const { state } = diagnosePhone(story, site)
    return { ...device, state, last_contact: story.contacts[0]?.at ?? null, firmware: story.seen?.firmware ?? null }
  })
  const rows = devices.map(({ name, family, model, extensions, state, last_contact, firmware }) => [
    ...[name, family, model, extensions.join(' '), state, last_contact ? time(last_contact) : 'never', firmware ?? ''],
  ])
  const heads = ['phone', 'family', 'model', 'extensions', 'state', 'last asked', 'firmware']
  app.output.result(devices, formatTable([heads, ...rows]))
  return 0
}

async function readSite(app: App) {
  return { phonesUrl: app.phonesUrl(), sipHost: app.sipHost(), families: await app.families() }
}

async function showWaiting(app: App): Promise<ExitCode> {
  const waiting = await listWaiting(await app.owner())
  const rows = waiting.map(({ mac, address, family, model, firmware, last_at, contacts, file, outcome }) => [
    ...[mac ?? '', address, family ?? '', model ?? '', firmware ?? '', time(last_at), String(contacts)],
    file || '(multicast)',
    nameOutcomeOfUnlisted(outcome as ContactOutcome),
  ])
  const heads = ['MAC address', 'from', 'family', 'model', 'firmware', 'last asked', 'times', 'file', 'outcome']
  const hint = waiting.length > 0 ? '\n\nTo give one to somebody: offhook phone claim MAC --user EXTENSION' : ''
  app.output.result(waiting, `${formatTable([heads, ...rows])}${hint}`)
  return 0
}

async function show(app: App, mac: string): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const { device, endpoints } = await findDevice(desk, tenant, mac)
  const story = await readStory(desk, tenant, mac)
  const site = await readSite(app)
  const diagnosis = diagnosePhone(story, site)
  const address = (await app.boot()).addressOf(device)
  const family = site.families.find(({ name }) => name === device['family'])
  const { steps } = adviseBoot(family, site.phonesUrl, story.name, address)
  const { entries, isOn } = await countBookOf(desk, tenant, Number(device['id']))
  const phonebook = describeBook(family, entries, isOn)
  const text = `${describePhone(story, diagnosis, { address, steps })}\n\nphonebook: ${phonebook}`
  app.output.result({ ...story, ...diagnosis, endpoints, address, steps, phonebook }, text)
  return 0
}

/** What comes within a moment is read together. */
const GATHER_MS = 200

async function follow(app: App): Promise<ExitCode> {
  const read = await followContacts(await app.desk(), await app.owner(), await app.tenant())
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  let reading = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const wake = () =>
    void (timer ??= setTimeout(() => {
      timer = undefined
      reading = reading.then(readMore)
    }, GATHER_MS))
  const readMore = async () => {
    try {
      for (const contact of await read()) app.output.line(contact, describeFollowed(contact))
    } catch (error) {
      // The database may be back in a moment; what happened meanwhile is read then.
      app.output.progress((error as Error).message)
    }
  }
  const listener = listen(await app.databaseUrl(), 'offhook_contacts', {
    notification: wake,
    connect: wake,
    lost() {
      app.output.progress('The connection to the database is lost; trying again.')
    },
  })
  app.output.progress('Following phones; Ctrl-C ends it.')
  await stopped
  clearTimeout(timer)
  await listener.close()
  await reading
  return 0
}

/** Has every phone of the tenant that can be told fetch again. @throws AppError `ami-unreachable` without Asterisk */
export async function tellAll(app: App): Promise<ExitCode> {
  if (!app.ami()) throw new AppError('ami-unreachable', 'OFFHOOK_AMI_URL is not set.')
  const families = (await app.families()).filter(({ resync }) => resync !== null).map(({ name }) => name)
  const queued = await resyncAll(await app.desk(), await app.tenant(), families, app.actor)
  app.output.result(
    queued,
    `${queued.queued} phones will be told by offhook serve, a few a second; ${queued.untellable} cannot be told: restart them.`,
  )
  return 0
}
