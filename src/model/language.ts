import { Fault } from './fault.ts'
import { quote } from './quote.ts'

const TAG = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i

/** Reads `de`, `de-CH`, `de_CH`, `zh-Hant-TW` in BCP 47's canonical spelling. Faults: `language-invalid`. */
export function parseLanguage(text: string): string | Fault {
  const tag = text.trim().replaceAll('_', '-')
  if (TAG.test(tag)) return Intl.getCanonicalLocales(tag)[0]!
  return new Fault('language-invalid', `${quote(text)} is not a language tag`, 'A tag such as de, de-CH or fr')
}
