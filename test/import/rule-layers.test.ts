import { describe, expect, test } from 'vitest'
import { compileRules, mergeRules } from '../../src/import/rule-layers.ts'
import type { Problem } from '../../src/model/problem.ts'

describe('layers of rules', () => {
  const layers = [
    { name: 'set', rules: { ring_seconds: '45' } },
    { name: 'location', location: 'Wien', rules: { country: 'AT', extension_range: '2000-2999' } },
    { name: 'tenant', rules: { country: 'DE', ring_seconds: '30', extension_range: '1000-1999' } },
  ] as const

  test('give each rule from the strongest layer that states it, and say which', () => {
    const rulesAt = compileRules(layers)
    expect(rulesAt('Wien')).toMatchObject({ country: 'AT', ring_seconds: 45, no_answer: 'voicemail' })
    expect(rulesAt('Wien').origins).toMatchObject({ country: 'location', ring_seconds: 'set', no_answer: 'system' })
    expect(rulesAt('Berlin')).toMatchObject({ country: 'DE', extension_range: [{ from: '1000', to: '1999' }] })
    expect(rulesAt(null).origins.country).toBe('tenant')
  })

  test('tell what cannot be read once, and keep to the system there', () => {
    const problems: Problem[] = []
    const wrong = [{ name: 'tenant', rules: { country: 'Mordor' } }] as const
    expect(mergeRules(wrong, problems).country).toBeNull()
    mergeRules(wrong, problems)
    expect(problems).toMatchObject([
      { row: 0, code: 'country-unknown', suggestion: 'Two letters such as DE, FR or US' },
    ])
  })
})
