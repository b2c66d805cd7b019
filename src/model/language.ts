import { Fault } from './fault.ts'
import { quote } from './quote.ts'

const TAG = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i

const TAGS = 'cs da de el en es fi fr hu it nl no pl pt ro ru sv tr uk'.split(' ')
/** What people call a language, in it and in the languages of our header dictionary → its tag. Made at first need. */
let names: ReadonlyMap<string, string> | undefined

function listNames(): ReadonlyMap<string, string> {
  names ??= new Map(
    TAGS.flatMap((tag) =>
      ['de', 'en', 'es', 'fr', tag].map((reader): [string, string] => [
        new Intl.DisplayNames(reader, { type: 'language' }).of(tag)!.toLowerCase(),
        tag,
      ]),
    ),
  )
  return names
}

/** Reads `de`, `de-CH`, `de_CH`, `zh-Hant-TW` in BCP 47's canonical spelling. Faults: `language-invalid`. */
export function parseLanguage(text: string): string | Fault {
  const tag = text.trim().replaceAll('_', '-')
  if (TAG.test(tag)) return Intl.getCanonicalLocales(tag)[0]!
  const repair = listNames().get(tag.toLowerCase())
  const suggestion = repair ?? 'A tag such as de, de-CH or fr'
  return new Fault('language-invalid', `${quote(text)} is not a language tag`, suggestion, repair)
}
