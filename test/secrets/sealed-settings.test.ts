import { expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { hideSettings, openSettings, sealSettings } from '../../src/secrets/sealed-settings.ts'
import { createVault } from '../../src/secrets/vault.ts'

const vault = createVault(new Secret('a key of at least thirty-two characters'))
const place = { tenant: 'acme', table: 'offhook.locations', row: '7' }
const settings = { vlanId: 20, fileKey: new Secret('Key0fThisSite123'), paging: [{ group: '239.0.0.1' }] }

test('secrets among settings are stored sealed and come back, the rest is stored as it is', () => {
  const stored = JSON.parse(JSON.stringify(sealSettings(vault, place, settings))) as Record<string, unknown>
  expect(JSON.stringify(stored)).not.toContain('Key0f')
  expect(stored).toMatchObject({
    vlanId: 20,
    paging: settings.paging,
    fileKey: { sealed: expect.any(String) as string },
  })
  const opened = openSettings(vault, place, stored)
  expect((opened['fileKey'] as Secret).reveal()).toBe('Key0fThisSite123')
  expect(opened).toMatchObject({ vlanId: 20, paging: settings.paging })
  expect(hideSettings(stored)).toEqual({ vlanId: 20, fileKey: '***', paging: settings.paging })
})

test('a sealed setting opens neither in another row, nor as another setting, nor for another tenant', () => {
  const { fileKey } = sealSettings(vault, place, settings)
  const refused = expect.objectContaining({ code: 'key-wrong' }) as Error
  expect(() => openSettings(vault, { ...place, row: '8' }, { fileKey })).toThrow(refused)
  expect(() => openSettings(vault, { ...place, tenant: 'zeta' }, { fileKey })).toThrow(refused)
  expect(() => openSettings(vault, place, { dot1xPassword: fileKey })).toThrow(refused)
})
