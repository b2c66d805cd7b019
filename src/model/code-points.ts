/** Characters as Unicode counts them, which is what limits of names mean; an emoji may be several. */
export function countCodePoints(text: string): number {
  return Array.from(text).length
}
