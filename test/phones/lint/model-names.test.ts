import { expect, it } from 'vitest'
import { lintFamilies } from '../../../src/phones/lint/lint-families.ts'
import { families } from '../shipped.ts'

it('complains of a model that two families have', () => {
  const [first, second] = families
  const stranger = { ...second!, models: new Map([...second!.models, ...[...first!.models].slice(0, 1)]) }
  expect(lintFamilies([first!, stranger]).filter(({ code }) => code === 'model-shared')).toHaveLength(1)
})
