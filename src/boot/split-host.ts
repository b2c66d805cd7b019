import type { Site } from './device-settings.ts'

/** Host and port of what `OFFHOOK_SIP_HOST` says; no port is that of the transport. */
export function splitHost(text: string): Pick<Site, 'sipHost' | 'sipPort'> {
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(text)!
  // An IPv6 address without brackets is all colons and no port.
  return port === undefined || (host!.includes(':') && !host!.endsWith(']'))
    ? { sipHost: text, sipPort: null }
    : { sipHost: host!, sipPort: Number(port) }
}
