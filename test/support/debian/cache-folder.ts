import { resolve } from 'node:path'

/** Where fetched and unpacked packages are kept: `OFFHOOK_CACHE_DIR`, else `.cache/` of the checkout. */
export function cacheFolder(): string {
  const chosen = process.env['OFFHOOK_CACHE_DIR']
  return chosen === undefined || chosen === '' ? resolve(import.meta.dirname, '../../../.cache') : resolve(chosen)
}
