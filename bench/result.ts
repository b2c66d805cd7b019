/** One figure of ours beside that of a peer or a limit, measured in the same run on the same machine. */
export type BenchResult = {
  name: string
  ours: number
  peer: number
  unit: string
  /** `ours / peer`. */
  ratio: number
  /** What `ratio` must be, such as `>= 0.75`. */
  bar: string
  pass: boolean
}
