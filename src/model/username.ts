import { Fault } from './fault.ts'
import { quote } from './quote.ts'

const USERNAME = /^[a-z0-9][a-z0-9._@+-]{1,253}$/

const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }

/** Reads a log-in name, lower case; an e-mail address or an extension is one too. Faults: `username-invalid`. */
export function parseUsername(text: string): string | Fault {
  const name = text.trim().toLowerCase()
  if (USERNAME.test(name)) return name
  const suggestion = 'At least two of a-z, 0-9 and . _ @ + -, starting with a letter or digit'
  const plain = transcribe(name)
  const repair = USERNAME.test(plain) ? plain : undefined
  return new Fault('username-invalid', `${quote(text)} is not a user name`, repair ?? suggestion, repair)
}

/** `Änne Groß` → `aenne.gross`. */
function transcribe(name: string): string {
  const letters = name.normalize('NFC').replaceAll(/[äöüß]/g, (letter) => UMLAUTS[letter]!)
  return letters
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\s,;]+/gu, '.')
    .replaceAll(/[^a-z0-9._@+-]/g, '')
    .replace(/^[._@+-]+/, '')
}
