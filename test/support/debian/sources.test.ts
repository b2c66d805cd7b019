import { expect, test } from 'vitest'
import { formatSource, parseSources } from './sources.ts'

test('one-line sources are read with their options, comments and source packages left out', () => {
  const text = `# deb http://old.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian bookworm main contrib # ours
deb-src http://mirror.example/debian bookworm main
deb cdrom:[disc]/ bookworm main
deb https://flat.example/ ./
`
  expect(parseSources(text, false)).toEqual([
    {
      uri: 'http://mirror.example/debian',
      suite: 'bookworm',
      components: 'main contrib',
      signedBy: '/usr/share/keyrings/a.gpg',
    },
  ])
})

test('a deb822 stanza gives one source per address and suite', () => {
  const text = `Types: deb deb-src
# a comment inside
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /usr/share/keyrings/a.gpg

Types: deb
Enabled: no
URIs: http://off.example/
Suites: trixie
Components: main
`
  expect(parseSources(text, true).map(formatSource)).toEqual([
    'deb [signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian trixie main',
    'deb [signed-by=/usr/share/keyrings/a.gpg] http://mirror.example/debian trixie-updates main',
  ])
})
