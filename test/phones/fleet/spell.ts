import type { FamilyFile } from '../../../src/phones/family.ts'

/** The first example of a file's name with this address in the place of the one in it, in the case of that one. */
export function spell({ pattern, examples }: FamilyFile, mac: string | null): string {
  const [example] = examples as [string]
  const shown = pattern.exec(example)?.groups?.['mac']
  if (shown === undefined || mac === null) return example
  const bare = /[A-F]/.test(shown) ? mac.toUpperCase() : mac
  return example.replace(shown, shown.includes('-') ? bare.match(/../g)!.join('-') : bare)
}
