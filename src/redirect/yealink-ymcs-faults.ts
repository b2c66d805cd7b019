import { quoteAnswer, type RedirectFault } from './fault.ts'

/** What YMCS says of one phone: its code where it gives one, and words. */
export type YmcsItem = { code: string; text: string }

/** Words stand for codes where a batch tells no code. */
const BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/another|other (organi[sz]ation|enterprise)/i, '800004'],
  [/already exist|existed/i, '800003'],
  [/\bmac\b/i, '800001'],
  [/\bsn\b|serial/i, '800002'],
]

/** The codes are those of the guide's list of error codes. */
export function explainYmcs({ code, text }: YmcsItem): RedirectFault {
  const known = code !== '' ? code : (BY_WORDS.find(([words]) => words.test(text))?.[1] ?? '')
  const said = text === '' ? '' : ` (“${quoteAnswer(text)}”)`
  switch (known) {
    case 'serial-missing':
      return {
        ...{ code: 'serial-missing', field: 'serial', message: 'Yealink wants the serial number of the phone.' },
        cure: 'Give it: offhook redirect send ACCOUNT MAC --serial SN. Accounts that Yealink lets register by MAC address alone are set up with mac-only=yes.',
      }
    case '800001':
    case '800005':
    case '800200':
      return {
        ...{ code: 'mac-refused', field: 'mac', message: `Yealink knows no phone with this MAC address${said}.` },
        cure: 'Compare it with the label; a phone of another maker belongs to that maker’s service.',
      }
    case '800002':
      return {
        ...{ code: 'serial-refused', field: 'serial', message: `The serial number is not the phone’s${said}.` },
        cure: 'Copy it again from the label or the box: offhook redirect send ACCOUNT MAC --serial SN',
      }
    case '800003':
    case '800004':
      return {
        code: 'owned-elsewhere',
        field: 'mac',
        message: `Another account at Yealink holds this phone${said}.`,
        cure: 'Have its former owner or dealer release it, or ask Yealink support with proof of purchase.',
      }
    case '800007':
      return {
        ...{ code: 'address-refused', field: 'address', message: `Yealink refuses a value${said}.` },
        cure: 'OFFHOOK_PHONES_URL must be an http:// or https:// address that phones can reach.',
      }
    default:
      return {
        ...{ code: 'refused', field: 'account', message: `Yealink refused${known && ` with ${known}`}${said}.` },
        cure: 'See the account’s page at Yealink.',
      }
  }
}
