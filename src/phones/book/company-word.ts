// What a directory of the own company is called on a small screen.
const WORDS: Readonly<Record<string, string>> = {
  ...{ bg: 'Фирма', ca: 'Empresa', cs: 'Firma', da: 'Firma', de: 'Firma', el: 'Εταιρεία', en: 'Company' },
  ...{ es: 'Empresa', et: 'Ettevõte', fi: 'Yritys', fr: 'Entreprise', he: 'חברה', hr: 'Tvrtka', hu: 'Cég' },
  ...{ it: 'Azienda', ja: '会社', ko: '회사', lt: 'Įmonė', lv: 'Uzņēmums', nb: 'Firma', nl: 'Bedrijf', no: 'Firma' },
  ...{ pl: 'Firma', pt: 'Empresa', ro: 'Companie', ru: 'Компания', sk: 'Firma', sl: 'Podjetje', sr: 'Фирма' },
  ...{ sv: 'Företag', tr: 'Şirket', uk: 'Компанія', vi: 'Công ty', zh: '公司', ar: 'الشركة' },
}

const SEARCH_WORDS: Readonly<Record<string, string>> = {
  ...{ cs: 'Hledat', da: 'Søg', de: 'Suche', en: 'Search', es: 'Buscar', fi: 'Haku', fr: 'Recherche', hu: 'Keresés' },
  ...{
    it: 'Cerca',
    nb: 'Søk',
    nl: 'Zoeken',
    no: 'Søk',
    pl: 'Szukaj',
    pt: 'Pesquisar',
    ru: 'Поиск',
    sv: 'Sök',
    tr: 'Ara',
  },
}

/** What looking somebody up is called in a language (BCP 47), in English where we do not know it. */
export function nameSearch(language: string): string {
  return SEARCH_WORDS[language.toLowerCase().split('-')[0]!] ?? SEARCH_WORDS['en']!
}

/** The name of a company's phonebook in a language (BCP 47), in English where we do not know it. */
export function nameCompanyBook(language: string): string {
  return WORDS[language.toLowerCase().split('-')[0]!] ?? WORDS['en']!
}
