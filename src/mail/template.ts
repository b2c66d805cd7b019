import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Eta } from 'eta/core'

export type View = Readonly<Record<string, unknown>>

const FOLDER = join(import.meta.dirname, '..', '..', 'templates')

/**
 * Compiles a template of `templates/`. A missing value throws, and so does one with a control character, so that no value
 * can add a line; what a value may not spell is escaped.
 * @param escape makes a value harmless in the format of the template
 */
export function loadTemplate(name: string, escape: (text: string) => string): (view: View) => string {
  const eta = new Eta({
    // Eta's default trimming eats the line feed after every tag and joins lines.
    ...{ autoTrim: false, autoEscape: true, autoFilter: true, cache: false },
    filterFunction: (value) => requireLine(name, value),
    escapeFunction: (value) => escape(String(value)),
  })
  const compiled = eta.compile(readFileSync(join(FOLDER, name), 'utf8'))
  return (view) => eta.render(compiled, view)
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function requireLine(name: string, value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value
  // No value in the message: it may be a secret.
  if (typeof text !== 'string') throw new TypeError(`${name}: a value is missing or is not a text`)
  if (/[\p{Cc}\u2028\u2029]/u.test(text))
    throw new TypeError(`${name}: a value holds a line break or control character`)
  return text
}
