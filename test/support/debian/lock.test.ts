import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withLock } from './lock.ts'

test('work under one name never overlaps and everybody gets a turn', async () => {
  const name = randomUUID()
  let inside = 0
  let most = 0
  const work = async (): Promise<void> => {
    inside += 1
    most = Math.max(most, inside)
    await pause(5)
    inside -= 1
  }
  await Promise.all(Array.from({ length: 8 }, () => withLock(name, work)))
  expect(most).toBe(1)
})

test('work that fails gives the lock back', async () => {
  const name = randomUUID()
  await expect(withLock(name, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(withLock(name, () => Promise.resolve('free'))).resolves.toBe('free')
})
