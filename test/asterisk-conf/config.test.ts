import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLab, type Lab } from './lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await openLab(async (rows) => {
    await rows.phone('1001-acme')
  })
})
afterAll(() => lab.close())

function complaints(): string[] {
  return lab.asterisk
    .log()
    .split('\n')
    .filter((line) => /\b(WARNING|ERROR)\b/.test(line))
}

test('the shipped configuration loads without one warning', async () => {
  const modules = await lab.asterisk.cli('module show')
  expect(modules).not.toContain('Not Running')
  expect(complaints()).toEqual([])
})

test('reloading everything brings no warning either', async () => {
  await lab.asterisk.cli('core reload')
  await lab.asterisk.cli('core waitfullybooted')
  expect(complaints()).toEqual([])
})

test('a phone registers with SHA-256, and every transport listens', async () => {
  const phone = await lab.phone('1001-acme')
  expect(phone.line.answeredAlgorithm).toBe('SHA-256')
  const transports = await lab.asterisk.cli('pjsip show transports')
  for (const kind of ['udp', 'tcp', 'tls', 'ws', 'wss']) expect(transports).toContain(`transport-${kind} `)
})

test('modules that could run programs or rows as dialplan are not there', async () => {
  const modules = await lab.asterisk.cli('module show')
  for (const name of ['app_system', 'app_exec', 'func_shell', 'func_curl', 'pbx_spool', 'pbx_realtime']) {
    expect(modules).not.toContain(name)
  }
})

test('a restart keeps ports and registrations', async () => {
  const phone = await lab.phone('1001-acme')
  await lab.asterisk.restart()
  expect(await lab.asterisk.cli('pjsip show contacts')).toContain(`1001-acme/${phone.contact}`)
  await phone.register()
})
