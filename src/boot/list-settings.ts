import type { LayerName, ResolvedSettings } from '../phones/layers.ts'
import { findMisfits } from '../phones/misfits.ts'
import type { DescribedDevice } from './device-settings.ts'

/**
 * `name` is a path such as `timezone`, `lines.1.label` or `raw.network.vpn`; `stops` why it does not reach the phone, null
 * where it does.
 */
export type ExplainedSetting = { name: string; value: unknown; origin: LayerName; stops: string | null }

/** Every value of a device with the layer that it comes from. */
export function listSettings({ family, model, resolved }: DescribedDevice): ExplainedSetting[] {
  const { settings, origins } = resolved
  const misfits = findMisfits(family, model, settings)
  return Object.entries(origins).map(([name, origin]) => {
    const misfit = misfits.find(({ setting }) => name === setting || name.startsWith(`${setting}.`))
    return { name, value: find(settings, name), origin, stops: misfit?.reason ?? null }
  })
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
