import { z } from 'zod'

/** `{id}` of an address. */
export const BY_ID = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
})

export const ID = z.int().positive()
export const TIME = z.iso.datetime({ offset: true })
/** One line that people read. */
export const LABEL = z.string().trim().min(1).max(100)
