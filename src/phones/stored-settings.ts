import { z } from 'zod'
import { setting } from './setting-types.ts'

// What a phone fetches beside its configuration. Layers name a ringtone or wallpaper of the store; what templates read is
// the file that fits the model, with its address (see `describeStored`).

const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$/, 'is not a plain file name')
/** A folder named after the content goes before the name of the file: another content is another address. */
const storedName = z
  .string()
  .regex(/^(?:[0-9a-f]{8}\/)?[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$/, 'is not the name of a stored file')

export const storedSettings = {
  firmware: setting(
    'version and files | null',
    'Firmware that rollouts and pins want on the phone; null: what it has',
    z.strictObject({ version: z.string().min(1).max(60), files: z.array(fileName).min(1) }).nullable(),
  ),
  ringtone: setting('name | null', 'Ringtone of the store; null: one of its own', storedName.nullable()),
  wallpaper: setting('name | null', 'Wallpaper of the store; null: its own', storedName.nullable()),
}

export const STORED_DEFAULTS = { firmware: null, ringtone: null, wallpaper: null } as const

type Named = {
  firmware: { version: string; files: string[] } | null
  ringtone: string | null
  wallpaper: string | null
}

/**
 * The same as templates read it: `url` whole, `path` without the scheme and `folder` without the last part.
 * @param url where the phone fetches from, with a closing slash
 */
export function describeStored({ firmware, ringtone, wallpaper }: Named, url: string) {
  const place = (folder: string, name: string) => {
    const at = url + folder + name
    return { file: name.split('/').at(-1)!, url: at, path: at.replace(/^https?:\/\//, ''), folder: url + folder }
  }
  return {
    firmware: firmware && { ...firmware, ...place('firmware/', firmware.files[0]!) },
    ringtone: ringtone === null ? null : place('ringtone/', ringtone),
    wallpaper: wallpaper === null ? null : place('wallpaper/', wallpaper),
  }
}
