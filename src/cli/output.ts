/** 0: nothing (left) to do; 1: problems or failure; 2: changes pending. */
export type ExitCode = 0 | 1 | 2

/** Where a command's words go: with `--json` one document on standard output, without it text; progress on standard error. */
export type Output = {
  json: boolean
  /** The result: `document` with `--json`, else `text`. */
  result(document: unknown, text: string): void
  /** One of several results: a line, with `--json` a document on one line. */
  line(document: unknown, text: string): void
  progress(text: string): void
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (document, text) =>
      process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : ensureNewline(text)),
    line: (document, text) => process.stdout.write(`${json ? JSON.stringify(document) : text}\n`),
    progress: (text) => process.stderr.write(ensureNewline(text)),
  }
}

/** Columns padded to the widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function ensureNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
