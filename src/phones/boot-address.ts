/** Where phones find their files before they have a token: OFFHOOK_PHONES_URL in the pieces that makers ask for. */
export type BootAddress = {
  /** Without a closing slash. */
  url: string
  scheme: 'http' | 'https'
  host: string
  port: string
  /** For options that hold nothing but an IPv4 address; null: it is not known. */
  address: string | null
}

/** @param phonesUrl an http or https address */
export function splitBootAddress(phonesUrl: string, address: string | null): BootAddress {
  const { href, protocol, hostname, port } = new URL(phonesUrl)
  const scheme = protocol === 'https:' ? 'https' : 'http'
  const isAddress = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(hostname)
  return {
    // What quotes a value somewhere must not stand in it.
    url: href.replaceAll("'", '%27').replace(/\/+$/, ''),
    scheme,
    host: hostname,
    port: port === '' ? { http: '80', https: '443' }[scheme] : port,
    address: address ?? (isAddress ? hostname : null),
  }
}

/** Fills in our own words and leaves the vendor's to the phone; null: the value needs an address that is not known. */
export function fillIn(value: string, boot: BootAddress): string | null {
  if (value.includes('{address}') && boot.address === null) return null
  return value.replaceAll(/\{(url|host|port|address)\}/g, (_, word: 'url' | 'host' | 'port' | 'address') => boot[word]!)
}
