import type { Command } from 'commander'
import { addDids } from '../people/dids/add-dids.ts'
import { listDids } from '../people/dids/list-dids.ts'
import { assignDid, releaseDid, removeDid } from '../people/dids/route-did.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'

/** `did …`: public numbers, those that wait for somebody included. */
export function addDidCommands(program: Command, run: Run): void {
  const did = program.command('did').description('public numbers of the tenant')
  did
    .command('add')
    .argument('<numbers...>', 'with + and country code')
    .description('add numbers that ring nobody yet')
    .action((numbers: string[]) => run((app) => add(app, numbers)))
  did
    .command('assign')
    .argument('<number>')
    .argument('<extension>')
    .description('have a number ring an extension')
    .action((number: string, extension: string) => run((app) => assign(app, number, extension)))
  did
    .command('release')
    .argument('<number>')
    .description('take a number from whom it rings; it stays with the tenant')
    .action((number: string) => run((app) => release(app, number)))
  did
    .command('remove')
    .argument('<number>')
    .description('give a number back that rings nobody')
    .action((number: string) => run((app) => remove(app, number)))
  did
    .command('list')
    .option('--free', 'only those that ring nobody')
    .description('the public numbers and whom they ring')
    .action((flags: { free?: boolean }) => run((app) => list(app, flags.free ?? false)))
}

async function add(app: App, texts: string[]): Promise<ExitCode> {
  const dids = await addDids(await app.desk(), await app.tenant(), texts, app.actor)
  const numbers = dids.map(({ number }) => number)
  app.output.result({ numbers }, `There ${numbers.length === 1 ? 'is' : 'are'} ${numbers.join(', ')}.`)
  return 0
}

async function assign(app: App, number: string, extension: string): Promise<ExitCode> {
  await assignDid(await app.desk(), await app.tenant(), { number, extension }, app.actor)
  app.output.result({ number, extension }, `${number} rings ${extension}.`)
  await app.tellAsterisk()
  return 0
}

async function release(app: App, number: string): Promise<ExitCode> {
  await releaseDid(await app.desk(), await app.tenant(), number, app.actor)
  app.output.result({ number }, `${number} rings nobody.`)
  await app.tellAsterisk()
  return 0
}

async function remove(app: App, number: string): Promise<ExitCode> {
  await removeDid(await app.desk(), await app.tenant(), number, app.actor)
  app.output.result({ number }, `${number} is gone.`)
  await app.tellAsterisk()
  return 0
}

async function list(app: App, free: boolean): Promise<ExitCode> {
  const dids = await listDids(await app.desk(), await app.tenant(), free ? { assigned: false } : {})
  const rows = dids.map(({ number, extension, label }) => [number, extension ?? '', label ?? ''])
  app.output.result(dids, formatTable([['number', 'rings', 'who'], ...rows]))
  return 0
}
