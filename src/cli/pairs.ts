import { AppError } from '../model/app-error.ts'

/** `KEY=VALUE` words; an empty value takes the key out. @throws AppError `input-invalid` */
export function readPairs(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new AppError('input-invalid', `${JSON.stringify(word)} must look like KEY=VALUE.`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )
}

/** Values of phone settings: JSON where it is JSON, else text; null takes a setting out. */
export function readSettingPairs(words: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(readPairs(words)).map(([name, text]) => [name, readSetting(text)]))
}

function readSetting(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text // a word such as Europe/Berlin needs no quotation marks on a command line
  }
}
