import { Fault } from '../model/fault.ts'
import { PERSON_FIELDS, type Person, type PersonField } from '../model/person.ts'
import type { Problem } from '../model/problem.ts'
import { quote } from '../model/quote.ts'
import { callingCodeOf, type LayerName, type RulesInEffect, type RuleTexts } from '../model/rules.ts'
import type { ParseCell } from './cells.ts'
import { mergeRules } from './rule-layers.ts'

/** Values for cells that are absent or empty. Layers come in order of precedence, the strongest first. */
export type Layer = {
  name: LayerName
  /** Only for people of this location; as the list of known locations spells it. */
  location?: string
  /** Text as in a cell; `-` clears. */
  values?: Readonly<Partial<Record<PersonField, string>>>
  rules?: RuleTexts
}

export type DefaultValue = { value: NonNullable<Person[PersonField]> | null; layer: Layer['name'] }

/** What the layers amount to for people of one location. */
export type Defaults = {
  rules: RulesInEffect
  /** Country calling code that completes national numbers, digits such as `49`. */
  callingCode: string | undefined
  values: ReadonlyMap<PersonField, DefaultValue>
}

export type CompiledDefaults = {
  /** Row 0. */
  problems: Problem[]
  /** The defaults where the person's own cells name `location`, or name none. */
  at: (location: string | null | undefined) => Defaults
}

/** Reads the layers once, for all rows. Problems: as for a cell and a rule, `field-unknown`. */
export function compileDefaults(layers: readonly Layer[], parseCell: ParseCell): CompiledDefaults {
  const problems = layers.flatMap(checkLayer)
  const general = mergeLayers(applyingLayers(layers, undefined), parseCell, problems)
  const places = new Set(layers.flatMap((layer) => layer.location ?? []))
  const special = new Map<unknown, Defaults>()
  for (const place of places) special.set(place, mergeLayers(applyingLayers(layers, place), parseCell, problems))
  const usual = general.values.get('location')?.value
  return { problems, at: (location) => special.get(location === undefined ? usual : location) ?? general }
}

function applyingLayers(layers: readonly Layer[], place: string | undefined): Layer[] {
  return layers.filter((layer) => layer.location === undefined || layer.location === place)
}

/** Takes each field from the strongest layer that has it; adds what is wrong there to `problems`, once. */
function mergeLayers(layers: readonly Layer[], parseCell: ParseCell, problems: Problem[]): Defaults {
  const rules = mergeRules(layers, problems)
  const callingCode = callingCodeOf(rules)
  const values = new Map<PersonField, DefaultValue>()
  for (const field of PERSON_FIELDS) {
    const layer = layers.find(({ values: texts }) => (texts?.[field] ?? '').trim() !== '')
    if (layer === undefined) continue
    const value = parseCell(field, layer.values?.[field] ?? '', callingCode)
    if (value instanceof Fault) addFault(problems, layer, field, value)
    else if (value !== undefined) values.set(field, { value, layer: layer.name })
  }
  return { rules, callingCode, values }
}

function addFault(problems: Problem[], layer: Layer, field: PersonField, fault: Fault): void {
  const message = `Default of ${layer.location ?? layer.name}: ${fault.message}`
  if (problems.some((known) => known.field === field && known.message === message)) return
  problems.push({ row: 0, field, code: fault.code, message, suggestion: fault.suggestion })
}

function checkLayer(layer: Layer): Problem[] {
  const place = `Default of ${layer.location ?? layer.name}`
  return Object.keys(layer.values ?? {})
    .filter((name) => !PERSON_FIELDS.some((field) => field === name))
    .map((name) => {
      const message = `${place}: there is no field ${quote(name)}`
      const suggestion = `One of ${PERSON_FIELDS.join(', ')}`
      return { row: 0, field: '', code: 'field-unknown', message, suggestion }
    })
}
