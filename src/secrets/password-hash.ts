import { hash } from '@node-rs/argon2'
import type { Secret } from '../model/secret.ts'

/** The least that OWASP's password storage guide takes for Argon2id: 19 MiB, two passes, one lane. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Each takes a core for some 50 ms: more at once would starve whoever waits for a configuration. */
const MOST_AT_ONCE = 2

const waiting: (() => void)[] = []
let running = 0

/** Hashes a password with Argon2id (the library's default kind), two at a time at most. */
export async function hashPassword(password: Secret): Promise<string> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await hash(password.reveal(), OPTIONS)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
