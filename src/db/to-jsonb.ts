/** NUL and half surrogate pairs, as `JSON.stringify` writes them; a backslash before them is text. */
const NOT_IN_JSONB = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

/** JSON for a column of type jsonb, which takes no NUL and no half surrogate pair: U+FFFD stands for them. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value).replaceAll(NOT_IN_JSONB, '$1\\ufffd')
}
