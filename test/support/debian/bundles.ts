/**
 * Sets of Debian packages that tests, demo and bench run from the cache.
 * Packages that apt would not install together (two TFTP servers) stand in groups of their own.
 */
export const BUNDLES = {
  asterisk: {
    // Stable releases carry no Asterisk: it comes from Debian's unstable suite, elsewhere from the distribution itself.
    suite: 'unstable',
    packages: [['asterisk', 'asterisk-modules', 'asterisk-config', 'asterisk-core-sounds-en-gsm', 'odbc-postgresql']],
  },
  tools: {
    suite: 'own',
    packages: [
      ['baresip', 'linphone-cli', 'sip-tester', 'tftp-hpa', 'tftpd-hpa', 'dnsmasq-base'],
      ['curl', 'openssl', 'busybox', 'nginx', 'wrk', 'nftables', 'iproute2'],
      ['atftp', 'atftpd'],
    ],
  },
  // On its own: whoever adds a tool need not fetch this again.
  // Debian's servers: nothing of them is started but in network namespaces of tests.
  dhcp: { suite: 'own', packages: [['kea-dhcp4-server'], ['isc-dhcp-server']] },
  prometheus: { suite: 'own', packages: [['prometheus']] },
} as const satisfies Record<string, { suite: 'unstable' | 'own'; packages: readonly (readonly string[])[] }>

export type BundleName = keyof typeof BUNDLES
