/** What a phone knows once it has read its files: enough to register. */
export type Account = {
  user: string
  authUser: string
  password: string
  host: string
  port: number
  /** UDP if not said. */
  transport?: 'udp' | 'tcp'
}

export type Booted = {
  accounts: readonly Account[]
  /**
   * What the phone keeps of where its files come from, macros included: its next boot starts there. Null: it keeps
   * nothing and asks the network anew.
   */
  home: string | null
}

/** Asks for one file; null: there is none, and the answer was the bare 404 that every phone takes for that. */
export type Fetch = (url: string) => Promise<Buffer | null>

/** A phone as its maker built it: what it asks for, in which order and case, and how it reads the answers. */
export type BootingPhone = {
  family: string
  model: string
  /** Null: a softphone, which starts at an address with its token that somebody gave it. */
  mac: string | null
  userAgent: string
  /** How many accounts it is given; 1 if not said. */
  accounts?: number
  /** @param from where files come from: a folder as DHCP says it, or what an earlier boot kept */
  boot: (from: string, fetch: Fetch) => Promise<Booted>
}

/** The file, or an error that names it: a phone that misses this one does not come up. */
export async function need(fetch: Fetch, url: string): Promise<Buffer> {
  const bytes = await fetch(url)
  if (bytes === null) throw new Error(`${url} is not there`)
  return bytes
}

/** Asks for what a phone probes and does fine without. */
export async function miss(fetch: Fetch, url: string): Promise<void> {
  if ((await fetch(url)) !== null) throw new Error(`${url} is there`)
}
