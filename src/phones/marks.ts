import type { Entry } from './formats/format.ts'

// Interpolated values travel through the template between noncharacters, escaped and plain: what is meant and what is
// written stay apart until the two are compared. isPlainLine keeps these characters out of values.
const [START, MIDDLE, END] = ['\ufdd0', '\ufdd1', '\ufdd2']
const MARKED = /\ufdd0([^\ufdd1]*)\ufdd1([^\ufdd2]*)\ufdd2/g
const STAND_IN = /zV(\d+)Vz/g
// A value that is safe in every format at every place, element names included, needs no escaping and no proof; one
// that looks like a stand-in must itself stand behind one.
const HARMLESS = /^(?!.*zV)[A-Za-z0-9._-]*$/

export function isHarmless(value: string): boolean {
  return HARMLESS.test(value)
}

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
  const text = marked.replace(MARKED, (_, _escaped: string, plain: string) => {
    values.push(plain)
    return `zV${values.length - 1}Vz`
  })
  const restore = ({ key, value }: Entry) => ({
    key,
    value: value.replace(STAND_IN, (_, index: string) => values[Number(index)]!),
  })
  return { text, restore }
}
