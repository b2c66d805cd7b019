import { describe, expect, it } from 'vitest'
import { sampleMac } from '../../src/phones/lint/samples.ts'
import { families, LINE, renderFor } from './shipped.ts'

const telling = families.filter(({ supports }) => supports.includes('vlanId'))

describe.each(telling.map((family) => [family.name, family] as const))('%s', (name, family) => {
  const write = (said: object) =>
    renderFor(name, { mac: sampleMac(family), settings: { lines: [LINE], ...said } })
      .toString()
      .split('\n')
  const unsaid = write({})
  const off = write({ vlanId: null })
  const on = write({ vlanId: 100 })

  it('leaves a VLAN alone that nobody said anything of, so that no first file cuts a phone off', () => {
    expect(unsaid.filter((line) => !off.includes(line) || !on.includes(line))).toEqual([])
  })

  it('leaves its VLAN where that is said', () => {
    const said = off.filter((line) => !unsaid.includes(line))
    expect(said.filter((line) => !on.includes(line))).not.toEqual([])
  })
})
