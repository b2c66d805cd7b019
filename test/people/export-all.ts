import { exportPeople } from '../../src/people/export-people.ts'

/** The whole file at once. */
export async function exportAll(...words: Parameters<typeof exportPeople>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of exportPeople(...words)) parts.push(part)
  return Buffer.concat(parts)
}
