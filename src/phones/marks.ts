import type { Entry } from './formats/format.ts'

// Interpolated values travel through the template between noncharacters, escaped and plain: what is meant and what is
// written stay apart until the two are compared. isPlainLine keeps these characters out of values.
const [START, MIDDLE, END] = ['\ufdd0', '\ufdd1', '\ufdd2']
const MARKED = /\ufdd0([^\ufdd1]*)\ufdd1([^\ufdd2]*)\ufdd2/g
const STAND_IN = /zV(\d+)Vz/g

/** Wraps one value as a template writes it and as it was meant. */
export function markValue(escaped: string, plain: string): string {
  return `${START}${escaped}${MIDDLE}${plain}${END}`
}

/** The text that leaves: every value in its escaped form. */
export function unmark(marked: string): string {
  return marked.replace(MARKED, '$1')
}

/**
 * The same text with a harmless word in place of every value, and a function that puts the plain values back into
 * what was read from it. The structure of that text comes from the template alone, whatever the values hold.
 */
export function standIn(marked: string): { text: string; restore: (entry: Entry) => Entry } {
  const values: string[] = []
  // A template must not come out with a word that looks like ours.
  const text = marked.replace(STAND_IN, 'zv$1vz').replace(MARKED, (_, _escaped: string, plain: string) => {
    values.push(plain)
    return `zV${values.length - 1}Vz`
  })
  const restore = ({ key, value }: Entry) => ({
    key,
    value: value.replace(STAND_IN, (_, index: string) => values[Number(index)]!),
  })
  return { text, restore }
}
