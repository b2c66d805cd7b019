import type { Command } from 'commander'
import type { RepairGroup } from '../import/repairs.ts'
import { AppError } from '../model/app-error.ts'
import { PERSON_FIELDS } from '../model/person.ts'
import { repairRows } from '../people/stored-imports/edit-import.ts'
import { viewRepairs } from '../people/stored-imports/view-repairs.ts'
import type { App, Run } from './app.ts'
import { type ExitCode, formatTable } from './output.ts'
import { workUntilDone } from './work-until-done.ts'

/** `repairs` and `repair`: curing all rows of an import that have the same problem. */
export function addRepairCommands(program: Command, run: Run): void {
  const number = 'number of an import that was kept with: import --keep'
  program
    .command('repairs')
    .argument('<import>', number)
    .description('list the problems of a kept import by cause, and what would cure each')
    .action((text: string) => run((app) => list(app, readNumber(text))))
  program
    .command('repair')
    .argument('<import>', number)
    .argument('<field>', 'as in the list')
    .argument('<code>', 'as in the list')
    .argument('[value]', 'for all of these rows; without it, each gets what its problem suggests')
    .description('cure all rows with that problem, and plan the import again')
    .action((text: string, field: string, code: string, value?: string) =>
      run((app) => repair(app, readNumber(text), { field, code, value })),
    )
}

async function list(app: App, id: number): Promise<ExitCode> {
  const repairs = await viewRepairs(await app.desk(), await app.tenant(), id)
  const rows = repairs.map(({ field, code, rows: all, count, example }) => [
    ...[field, code, String(all.length), String(count), example ? `${example.from} → ${example.to}` : ''],
  ])
  const text = rows.length === 0 ? 'Nothing is left to repair.' : ''
  app.output.result(repairs, text || formatTable([['field', 'code', 'rows', 'curable', 'example'], ...rows]))
  return repairs.length > 0 ? 1 : 0
}

async function repair(
  app: App,
  id: number,
  { field, code, value }: { field: string; code: string; value: string | undefined },
): Promise<ExitCode> {
  const [desk, tenant] = [await app.desk(), await app.tenant()]
  const named = PERSON_FIELDS.find((known) => known === field)
  const isListed = (group: RepairGroup) => group.field === named && group.code === code
  if (!named || !(await viewRepairs(desk, tenant, id)).some(isListed))
    throw new AppError('input-invalid', `No row of import ${id} has that problem. See: offhook repairs ${id}`)
  const count = await repairRows(desk, { tenant, importId: id, actor: app.actor }, { field: named, code, value })
  if (count === 0)
    throw new AppError(
      'input-invalid',
      'None of these rows has a repair of its own. Say the value: offhook repair … VALUE',
    )
  await workUntilDone(app, id)
  const left = await viewRepairs(desk, tenant, id)
  const rows = count === 1 ? 'One row is' : `${count} rows are`
  app.output.result(
    { import: id, repaired: count, left },
    `${rows} repaired. To see what is left: offhook imports ${id}`,
  )
  return left.length > 0 ? 1 : 0
}

function readNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new AppError('input-invalid', `${JSON.stringify(text)} is not the number of an import. See: offhook imports`)
}
