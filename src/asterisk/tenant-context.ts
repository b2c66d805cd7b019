import { AppError } from '../model/app-error.ts'
import type { AmiClient } from './ami/client.ts'
import type { AmiHeaders } from './ami/encode-action.ts'
import { reloadModule } from './reload-module.ts'

/** Included by extensions.conf; the only file of Asterisk's that Offhook writes, and it must be Asterisk's to write. */
const FILE = 'tenants.conf'

type Line = readonly [name: string, value: string]

/**
 * Makes the dialplan context `t-<slug>` exist while Asterisk runs: the hints of its phones and the way into `[pbx]`.
 * Doing it again changes nothing; a context that was cut short or edited is made anew.
 * @throws AppError `input-invalid` for a slug other than `[a-z0-9]{2,16}`, `ami-action-failed` when Asterisk refuses or
 *   does not show the context afterwards, `ami-unreachable`, `ami-refused`
 */
export async function addTenantContext(ami: AmiClient, slug: string): Promise<void> {
  const context = contextOf(slug)
  const wanted = linesOf(slug)
  const found = await readContext(ami, context)
  if (!sameLines(found, wanted)) {
    await update(
      ami,
      [
        ...(found ? ([{ action: 'DelCat' }] as const) : []),
        { action: 'NewCat' },
        // A value that starts with `>` is written as `name => value` (manager.c: handle_updates).
        ...wanted.map(([name, value]) => ({ action: 'Append' as const, name, value: `>${value}` })),
      ],
      context,
    )
  }
  await reloadModule(ami, 'pbx_config.so')
  await expectContext(ami, context)
}

/** Removes the context `t-<slug>`; one that is not there is fine. Errors as in {@link addTenantContext}. */
export async function removeTenantContext(ami: AmiClient, slug: string): Promise<void> {
  const context = contextOf(slug)
  if (!(await readContext(ami, context))) return
  await update(ami, [{ action: 'DelCat' }], context)
  await reloadModule(ami, 'pbx_config.so')
}

function contextOf(slug: string): string {
  if (!/^[a-z0-9]{2,16}$/.test(slug)) throw new AppError('input-invalid', 'A tenant slug is 2 to 16 of a-z and 0-9')
  return `t-${slug}`
}

/**
 * The desk phone and the browser of one extension share its hint; endpoint ids are `1001-acme` and `1001.web-acme`.
 * What is subscribed to comes from a phone: unfiltered, `1001&PJSIP/2001-beta&PJSIP/1` would show another tenant's lamp.
 */
function linesOf(slug: string): Line[] {
  const number = '${FILTER(0-9,${EXTEN})}'
  const dialed = `PJSIP/${number}-${slug}&PJSIP/${number}.web-${slug}`
  return [
    ['exten', `_X!,hint,${dialed}`],
    ['include', 'pbx'],
  ]
}

/** The lines of a context in the file, or undefined: GetConfig answers with success also when it found nothing. */
async function readContext(ami: AmiClient, context: string): Promise<Line[] | undefined> {
  const filter: AmiHeaders = [
    ['Filename', FILE],
    ['Category', context],
  ]
  const { headers } = await ami.send('GetConfig', filter)
  if (!headers.some(([name]) => name.startsWith('category-'))) return undefined
  return headers.filter(([name]) => name.startsWith('line-')).map(([, line]) => splitLine(line))
}

function splitLine(line: string): Line {
  const equals = line.indexOf('=')
  return [line.slice(0, equals), line.slice(equals + 1)]
}

function sameLines(found: Line[] | undefined, wanted: Line[]): boolean {
  return JSON.stringify(found) === JSON.stringify(wanted)
}

interface Edit {
  readonly action: 'NewCat' | 'DelCat' | 'Append'
  readonly name?: string
  readonly value?: string
}

async function update(ami: AmiClient, edits: readonly Edit[], context: string): Promise<void> {
  const headers: AmiHeaders = edits.flatMap(({ action, name, value }, index) => {
    const number = String(index).padStart(6, '0')
    return [
      [`Action-${number}`, action] as const,
      [`Cat-${number}`, context] as const,
      ...(name === undefined ? [] : [[`Var-${number}`, name] as const]),
      ...(value === undefined ? [] : [[`Value-${number}`, value] as const]),
    ]
  })
  await ami.send('UpdateConfig', [['SrcFilename', FILE], ['DstFilename', FILE], ['Reload', 'no'], ...headers])
}

/** A reload succeeds also when extensions.conf does not include the file; then the tenant's calls would all fail. */
async function expectContext(ami: AmiClient, context: string): Promise<void> {
  try {
    await ami.list('ShowDialPlan', [['Context', context]])
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'ami-action-failed') throw cause
    const message = `Asterisk has no context ${context} after the reload: does extensions.conf include ${FILE}?`
    throw new AppError('ami-action-failed', message, { cause })
  }
}
