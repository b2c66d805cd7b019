import { readFileSync } from 'node:fs'

/** How Node is started in service: the options in the first line of `src/main.ts`. */
export function readServiceFlags(): string[] {
  const [first = ''] = readFileSync(new URL('../src/main.ts', import.meta.url), 'utf8').split('\n')
  return first.split(' ').filter((word) => word.startsWith('--'))
}
