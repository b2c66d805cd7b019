import { Fault } from '../model/fault.ts'
import type { Problem } from '../model/problem.ts'
import {
  type LayerName,
  parseRule,
  RULE_NAMES,
  type RuleName,
  type Rules,
  type RulesInEffect,
  SYSTEM_RULES,
} from '../model/rules.ts'
import type { Layer } from './defaults.ts'

/**
 * Takes each rule from the strongest layer that states it, the first of the list. What cannot be read goes to
 * `problems`, once, and leaves the system's rule.
 */
export function mergeRules(layers: readonly Layer[], problems: Problem[]): RulesInEffect {
  const rules: Record<string, unknown> = { ...SYSTEM_RULES }
  const origins: Partial<Record<RuleName, LayerName>> = {}
  for (const name of RULE_NAMES) {
    origins[name] = 'system'
    const layer = layers.find(({ rules: texts }) => (texts?.[name] ?? '').trim() !== '')
    if (!layer) continue
    const value = parseRule(name, layer.rules?.[name] ?? '')
    if (value instanceof Fault) addFault(problems, layer, name, value)
    else [rules[name], origins[name]] = [value, layer.name]
  }
  return { ...(rules as Rules), origins: origins as RulesInEffect['origins'] }
}

function addFault(problems: Problem[], layer: Layer, name: RuleName, fault: Fault): void {
  const message = `Rule ${name} of ${layer.location ?? layer.name}: ${fault.message}`
  if (problems.some((known) => known.message === message)) return
  problems.push({ row: 0, field: '', code: fault.code, message, suggestion: fault.suggestion })
}

/** The rules by a location's name, each place worked out once. What cannot be read is told by {@link mergeRules}. */
export function compileRules(layers: readonly Layer[]): (location: string | null | undefined) => RulesInEffect {
  const known = new Map<string | null | undefined, RulesInEffect>()
  return (location) => {
    const there = known.get(location)
    if (there) return there
    const applying = layers.filter((layer) => layer.location === undefined || layer.location === location)
    const rules = mergeRules(applying, [])
    known.set(location, rules)
    return rules
  }
}
