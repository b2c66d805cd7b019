import type { Site } from './device-settings.ts'

/** The site as `OFFHOOK_PHONES_URL` and `OFFHOOK_SIP_HOST` say it. */
export function readSite({ phonesUrl, sipHost }: { phonesUrl: string; sipHost: string }): Site {
  return { phonesUrl: phonesUrl.replace(/\/+$/, ''), ...splitHost(sipHost) }
}

/** No port is that of the transport. */
function splitHost(text: string): Pick<Site, 'sipHost' | 'sipPort'> {
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(text)!
  // An IPv6 address without brackets is all colons and no port.
  return port === undefined || (host!.includes(':') && !host!.endsWith(']'))
    ? { sipHost: text, sipPort: null }
    : { sipHost: host!, sipPort: Number(port) }
}
