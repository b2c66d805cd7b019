import type { Certificate } from './certificate.ts'
import type { Installation } from './installation.ts'

export type AsteriskDatabase = {
  host: string
  port: number
  name: string
  user: string
  password: string
  /** Where Asterisk's tables are, when the role's own search_path does not say. */
  searchPath?: string
}

export type Site = {
  /** Holds everything this instance reads and writes. */
  folder: string
  installation: Installation
  database: AsteriskDatabase
  certificate: Certificate
  amiSecret: string
  realm: string
  ports: { sip: number; sipTls: number; http: number; https: number; ami: number; rtp: number; rtpCount: number }
  /** Shell command that gets each voicemail as a mail on its standard input. */
  mailCommand: string
  /** Text of contexts of the site's own. */
  dialplan: string
}

/** The files of `asterisk/site/` for one instance of tests, demo or bench, by name; all else is used as it is shipped. */
export function siteFiles(site: Site): Record<string, string> {
  return {
    'asterisk.conf': formatAsterisk(site),
    'odbc.ini': formatOdbc(site),
    'res_odbc.conf': formatPools(site),
    'pjsip.conf': formatPjsip(site),
    'http.conf': formatHttp(site),
    'rtp.conf': `[general](+)\nrtpstart = ${site.ports.rtp}\nrtpend = ${site.ports.rtp + site.ports.rtpCount - 1}\n`,
    'manager.conf': `[general](+)
bindaddr = 127.0.0.1
port = ${site.ports.ami}

[offhook](offhook-rights)
secret = ${site.amiSecret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
`,
    'voicemail.conf': `[general](+)\nserveremail = asterisk@pbx.test\nmailcmd = ${site.mailCommand}\n`,
    'musiconhold.conf': `[default]\nmode = playlist\nentry = ${site.installation.shareFolder}/sounds/en/silence/10\n`,
    'extensions.conf': site.dialplan,
  }
}

function formatAsterisk({ folder, installation }: Site): string {
  return `[directories]
astetcdir => ${folder}/etc
astmoddir => ${installation.moduleFolder}
astvarlibdir => ${folder}/lib
astdbdir => ${folder}/lib
astkeydir => ${folder}/lib
astdatadir => ${installation.shareFolder}
astagidir => ${folder}/lib
astspooldir => ${folder}/spool
astrundir => ${folder}/run
astlogdir => ${folder}/log

[options]
systemname = ${folder.replaceAll(/[^A-Za-z0-9]/g, '').slice(-12)}
`
}

function formatOdbc({ database, installation }: Site): string {
  const source = (name: string, settings: readonly string[]): string => `[${name}]
Driver = ${installation.odbcDriver}
Servername = ${database.host}
Port = ${database.port}
Database = ${database.name}
Protocol = 7.4-1
ReadOnly = No
UseServerSidePrepare = 0
BoolsAsChar = 1
${settings.length > 0 ? `ConnSettings = ${settings.join('%3b')}\n` : ''}`
  const path = database.searchPath === undefined ? [] : [`SET search_path TO ${database.searchPath}`]
  return source('offhook', path) + source('offhook-dialplan', [...path, 'SET statement_timeout TO 1000'])
}

function formatPools({ folder, database }: Site): string {
  const login = `username => ${database.user}\npassword => ${database.password}\n`
  return `[ENV]\nODBCINI => ${folder}/etc/site/odbc.ini\n\n[asterisk](+)\n${login}\n[dialplan](+)\n${login}`
}

function formatPjsip({ ports, certificate, realm }: Site): string {
  const transport = (protocol: string, port: number | null, more = ''): string =>
    `[transport-${protocol}]
type = transport
protocol = ${protocol}
bind = 127.0.0.1${port === null ? '' : `:${port}`}
${more}
`
  return `[global](+)
default_realm = ${realm}
max_initial_qualify_time = 1

${transport('udp', ports.sip)}${transport('tcp', ports.sip)}${transport('ws', null)}${transport('wss', null)}${transport(
    'tls',
    ports.sipTls,
    `cert_file = ${certificate.certificate}\npriv_key_file = ${certificate.key}\nmethod = tlsv1_2`,
  )}`
}

function formatHttp({ ports, certificate }: Site): string {
  return `[general](+)
bindaddr = 127.0.0.1
bindport = ${ports.http}
tlsenable = yes
tlsbindaddr = 127.0.0.1:${ports.https}
tlscertfile = ${certificate.certificate}
tlsprivatekey = ${certificate.key}
`
}
