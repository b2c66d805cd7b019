import { Eta } from 'eta/core'
import { AppError } from '../model/app-error.ts'
import { isPlainLine, unsafe, type Format } from './formats/format.ts'
import type { Template } from './family.ts'
import { isHarmless, markValue } from './marks.ts'

/**
 * Compiles a template of one format. Interpolated values come out escaped and marked (marks.ts); a missing value and
 * any control character throw, so that neither the text `undefined` nor a second line can reach a phone.
 * @throws AppError `family-invalid` when the template does not compile
 */
export function compileTemplate(name: string, source: string, format: Format): Template {
  const eta = new Eta({
    // Eta's default trimming eats the line feed after every tag and joins lines.
    autoTrim: false,
    autoEscape: true,
    autoFilter: true,
    filterFunction: requirePlainLine,
    escapeFunction: (value) => {
      const text = String(value)
      return isHarmless(text) ? text : markValue(format.escape(text), text)
    },
    debug: true,
    cache: false,
  })
  try {
    const compiled = eta.compile(source)
    return { source, run: (view) => runTemplate(name, () => eta.render(compiled, view)) }
  } catch (error) {
    // The rest of the message is the whole source.
    const reason = String(error).split('\n', 3).join(' ')
    throw new AppError('family-invalid', `${name} does not compile: ${reason}`, { cause: error })
  }
}

function requirePlainLine(value: unknown): string {
  if (value === undefined || value === null) throw new AppError('setting-missing', 'A value is missing')
  if (typeof value !== 'string' && typeof value !== 'number') throw unsafe('A value is not a text or a number')
  const text = String(value)
  if (!isPlainLine(text)) throw unsafe('A value holds a control character or a line break')
  return text
}

function runTemplate(name: string, run: () => string): string {
  try {
    return run()
  } catch (error) {
    // Eta wraps what was thrown in the lines around it: source text of the template, never values.
    const cause = error instanceof Error && error.cause instanceof AppError ? error.cause : error
    if (cause instanceof AppError) throw new AppError(cause.code, `${name}: ${whereIn(error)}${cause.message}`)
    throw error
  }
}

/** Eta's debug message starts with `template:line` and marks the line with `>>`. */
function whereIn(error: unknown): string {
  const line = error instanceof Error ? /^ *>> (\d+\|.*)$/m.exec(error.message)?.[1] : undefined
  return line === undefined ? '' : `line ${line.trim()}: `
}
