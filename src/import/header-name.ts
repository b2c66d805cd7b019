const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l' }
const MARKED_AS_NEEDED =
  /(?:\s+|\*)(?:required|optional|pflichtfeld|pflicht|obligatoire|requis|obligatorio|opcional)\s*$/iu

/**
 * Makes a column name comparable: lower case without accents, blanks, punctuation and what stands in brackets.
 * `E-Mail-Adresse *`, `email_adresse` and `Email Adresse [mail]` become `emailadresse`.
 */
export function normaliseHeader(header: string): string {
  const outside = squeeze(header.replaceAll(/\[[^\]]*\]|\([^)]*\)|\{[^}]*\}/gu, ' ').replace(MARKED_AS_NEEDED, ''))
  return outside === '' ? squeeze(header) : outside
}

function squeeze(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[ßæœøł]/gu, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
