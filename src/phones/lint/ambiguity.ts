import type { Complaint } from '../complaint.ts'
import type { Family, FamilyFile } from '../family.ts'
import { matchFile } from '../identify.ts'

/**
 * Two families may share a file name only where something decides between them: a MAC address in the name (the
 * inventory knows the device), a device token (both files are a device's own), or User-Agents of their own.
 */
export function complainOfAmbiguity(families: readonly Family[]): Complaint[] {
  return [...complainOfOuis(families), ...complainOfUserAgents(families), ...complainOfNames(families)]
}

function complainOfOuis(families: readonly Family[]): Complaint[] {
  const owner = new Map<string, string>()
  return families.flatMap((family) =>
    family.ouis.flatMap((oui) => {
      const other = owner.get(oui)
      owner.set(oui, family.name)
      return other === undefined
        ? []
        : [{ family: family.name, code: 'oui-twice', message: `${oui} is also given by ${other}` }]
    }),
  )
}

function complainOfUserAgents(families: readonly Family[]): Complaint[] {
  return families.flatMap((family) =>
    family.userAgents
      .flatMap(({ examples }) => examples)
      .flatMap(({ text }) =>
        families
          .filter((other) => other !== family && other.userAgents.some(({ pattern }) => pattern.test(text)))
          .map((other) => ({
            family: family.name,
            code: 'user-agent-ambiguous',
            message: `${other.name} also matches the User-Agent ${JSON.stringify(text)}`,
          })),
      ),
  )
}

function complainOfNames(families: readonly Family[]): Complaint[] {
  return families.flatMap((family) =>
    family.files.flatMap((file) =>
      file.examples.flatMap((example) =>
        families
          .flatMap((other) => other.files.map((rival) => ({ other, rival })))
          .filter(({ rival }) => rival !== file && matchFile(rival, example))
          .filter(({ other, rival }) => !isDecided(example, { family, file }, { family: other, file: rival }))
          .map(({ other, rival }) => ({
            family: family.name,
            code: 'file-ambiguous',
            message: `${example} is ${file.name} here and also ${rival.name} of ${other.name}`,
          })),
      ),
    ),
  )
}

type Side = { family: Family; file: FamilyFile }

function isDecided(example: string, one: Side, other: Side): boolean {
  if (one.family === other.family) return false
  // Nobody gets anything from either.
  if (one.file.kind === 'absent' && other.file.kind === 'absent') return true
  const carriesMac = (side: Side) => (matchFile(side.file, example)?.mac ?? null) !== null
  if (carriesMac(one) && carriesMac(other)) return true
  const needsToken = ({ file: { kind } }: Side) => kind === 'device' || kind === 'book'
  if (needsToken(one) && needsToken(other)) return true
  return one.family.userAgents.length > 0 && other.family.userAgents.length > 0
}
