/** How often a property is tried: a sample in CI, the full size with `npm run soak`. */
export function countRuns(sample: number, soak: number): number {
  return process.env['OFFHOOK_SOAK'] === '1' ? soak : sample
}
