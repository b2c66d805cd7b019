import type { z } from 'zod'
import { DEFAULT_SETTINGS, keySchema, lineSchema, settingsSchema } from './settings.ts'

/** A row of the table of settings. `name` is a path: `timezone`, `lines.password`. */
export type SettingRow = { name: string; type: string; secret: boolean; default: unknown; meaning: string }

/** Every setting that a template may read, in the order of the vocabulary; `default` is undefined where there is none. */
export function describeSettings(): SettingRow[] {
  return [
    ...describe('', settingsSchema.shape, DEFAULT_SETTINGS),
    ...describe('lines.', lineSchema.shape, {}),
    ...describe('keys.', keySchema.shape, {}),
  ]
}

function describe(prefix: string, shape: Record<string, z.ZodType>, defaults: Record<string, unknown>): SettingRow[] {
  return Object.entries(shape).map(([name, schema]) => {
    const { type, meaning } = readMeta(schema)
    return { name: prefix + name, type, secret: type.startsWith('secret'), default: defaults[name], meaning }
  })
}

/** What the table says of a setting. A wrapper such as `optional()` holds no words of its own: those of what it wraps count. */
export function readMeta(schema: z.ZodType): { type: string; meaning: string } {
  const meta = schema.meta()
  if (typeof meta?.type === 'string' && typeof meta.meaning === 'string')
    return { type: meta.type, meaning: meta.meaning }
  if ('unwrap' in schema) return readMeta((schema as unknown as { unwrap: () => z.ZodType }).unwrap())
  return { type: 'text', meaning: '' }
}
