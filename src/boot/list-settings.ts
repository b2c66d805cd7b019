import type { LayerName, ResolvedSettings } from '../phones/layers.ts'

/** `name` is a path such as `timezone`, `lines.1.label` or `raw.network.vpn`. */
export type ExplainedSetting = { name: string; value: unknown; origin: LayerName }

/** Every value of a device with the layer that it comes from. */
export function listSettings({ settings, origins }: ResolvedSettings): ExplainedSetting[] {
  return Object.entries(origins).map(([name, origin]) => ({ name, value: find(settings, name), origin }))
}

function find(settings: ResolvedSettings['settings'], name: string): unknown {
  const slot = /^(lines|keys)\.(\d+)\.(.+)$/.exec(name)
  if (slot) {
    const [, list, position, inner] = slot
    const found = settings[list as 'lines' | 'keys'].find((one) => one.position === Number(position))
    return (found as Record<string, unknown> | undefined)?.[inner!]
  }
  return name.startsWith('raw.') ? settings.raw[name.slice(4)] : settings[name as keyof typeof settings]
}
