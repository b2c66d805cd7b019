import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

export type Finished = { status: number; stdout: string; stderr: string }

/**
 * Runs a program to its end and returns what it said, whatever its exit status.
 * Throws when the program cannot be started at all, naming it.
 */
export function run(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> {
  return new Promise((settle, fail) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C', ...env },
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', (cause) => fail(new Error(`cannot run ${program}: ${cause.message}`, { cause })))
    child.on('close', (status) =>
      settle({
        status: status ?? -1,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      }),
    )
  })
}

/** Like {@link run}, but a non-zero exit status is an error that shows the end of what the program complained about. */
export async function runOrThrow(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, stderr } = await run(program, args, env)
  if (status === 0) return stdout
  const complaint = (stderr.trim() || stdout.trim()).split('\n').slice(-6).join('\n')
  throw new Error(`${program} ${args.slice(0, 2).join(' ')} … ended with ${status}:\n${complaint}`)
}

/** Does `work` for every item, a few at a time; the first failure ends it. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, lane))
}
