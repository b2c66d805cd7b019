import type { FamilyFile } from '../../../src/phones/family.ts'
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
        // From its box it finds what its name leads to; all else is in the folder that its own file tells it of.
        if (!TOKEN_FOLDER.test(from) && !isFoundByName(file)) continue
        const url = `${from}${spell(file, mac)}`
        if (file.kind === 'absent') await miss(fetch, url)
        else await need(fetch, url)
      }
      return { accounts: [], home: from }
    },
  }
}

function isFoundByName({ kind, pattern }: FamilyFile): boolean {
  return kind === 'device' ? pattern.source.includes('?<mac>') : kind !== 'book'
}
