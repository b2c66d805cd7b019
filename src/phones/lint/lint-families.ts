import type { Complaint } from '../complaint.ts'
import type { Family } from '../family.ts'
import { complainOfAmbiguity } from './ambiguity.ts'
import { lintFamily } from './lint-family.ts'
import { complainOfSharedModels } from './model-names.ts'

/**
 * Everything that is wrong with the families. What reading them already found is not repeated here, `like` cycles and
 * faults of the schema among it.
 */
export function lintFamilies(families: readonly Family[]): Complaint[] {
  return [...complainOfAmbiguity(families), ...complainOfSharedModels(families), ...families.flatMap(lintFamily)]
}
