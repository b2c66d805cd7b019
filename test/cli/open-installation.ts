import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { joinEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts'
import { type Ran, runOffhook } from './run-offhook.ts'

/** Two people, one of them with a phone. */
export const PEOPLE = `extension,first_name,last_name,mac,model
1001,Ada,Abel,00:15:65:ab:cd:01,T46U
1002,Ben,Bell,,
`

export const some = expect.any(Number) as number
export const text = expect.any(String) as string

export function failure(code: string) {
  return { error: { code, message: text } }
}

/** A data folder with an embedded database that stays up between commands, which would else start and stop it. */
export async function openInstallation() {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-cli-'))
  const environment = { OFFHOOK_DATA_DIR: join(folder, 'data') }
  const server = await joinEmbeddedPostgres(environment.OFFHOOK_DATA_DIR)
  const offhook = (words: string[], input?: string): Promise<Ran> => runOffhook(words, environment, input)
  /** The one document that a command prints, and its exit code. */
  const json = async (...words: string[]): Promise<[code: number | null, document: unknown]> => {
    const { code, stdout } = await offhook([...words, '--json'])
    return [code, JSON.parse(stdout)]
  }
  await offhook(['migrate'])
  return {
    ...{ folder, environment, url: server.url, offhook, json },
    /** Runs commands that do not touch each other, at once: most of their time is starting. */
    async each(commands: Record<string, unknown>): Promise<void> {
      await Promise.all(
        Object.entries(commands).map(async ([words, expected]) => {
          expect(await json(...words.split(' ')), words).toEqual(expected)
        }),
      )
    },
    file(name: string, content?: string): string {
      const path = join(folder, name)
      if (content !== undefined) writeFileSync(path, content)
      return path
    },
    async close() {
      await server.leave()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
