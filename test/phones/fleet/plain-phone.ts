import { miss, need, type BootingPhone } from '../bases/phone.ts'
import { familyOf } from '../shipped.ts'
import { spell } from './spell.ts'

const TOKEN_FOLDER = /\/[\w-]{22}\/$/

type Made = { family: string; model: string; mac: string | null; userAgent?: string }

/**
 * A phone of a maker whose boot nobody described step by step: it asks for one file of each kind that its family names, in
 * the order of the family, and reads none of them, so it finds no account.
 */
export function plainPhone({ family, model, mac, userAgent = '' }: Made): BootingPhone {
  return {
    ...{ family, model, mac, userAgent },
    boot: async (from, fetch) => {
      for (const file of familyOf(family).files) {
        // Where the company's phonebook is it knows from its own file alone, and that leads to the folder of its token.
        if (file.kind === 'book' && !TOKEN_FOLDER.test(from)) continue
        const url = `${from}${spell(file, mac)}`
        if (file.kind === 'absent') await miss(fetch, url)
        else await need(fetch, url)
      }
      return { accounts: [], home: from }
    },
  }
}
