import { type Diagnosis, findMismatch } from './diagnose-phone.ts'
import type { PhoneStory } from './read-story.ts'

const WORDS: Partial<Record<Diagnosis['state'], string>> = {
  unassigned: 'nobody is on it',
  unseen: 'never seen',
  unregistered: 'not registered',
  partly: 'not wholly registered',
  unreachable: 'cannot be called',
  outdated: 'works, but not with its latest configuration',
}

/** Why a phone does not work and what to do, in sentences; else that it works. A line each. */
export function describeVerdict(story: PhoneStory, { state, cause, cure }: Diagnosis): string[] {
  const { name, family, model } = story
  const verdict = cause === '' ? [`${name} works.`] : [`${name}: ${WORDS[state] ?? state}. ${cause}`, `To do: ${cure}`]
  const mismatch = findMismatch(story)
  if (mismatch === null) return verdict
  const words =
    `It says that it is a ${mismatch}, and the inventory has a ${family} ${model}: correct the model in the list of ` +
    'people and import it with --update.'
  return [...verdict, words]
}
