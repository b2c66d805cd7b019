import { miss, need, type Booted, type BootingPhone, type Fetch } from '../bases/phone.ts'
import { readXml } from './xml.ts'

/** Reads a settings file as a Myriad does: flat `setting` elements, each with an id, a value and `override`. */
export function readAlcatel(bytes: Buffer): Map<string, string> {
  const root = readXml(bytes)
  if (root.name !== 'settings') throw new Error('not a settings file')
  const settings = new Map<string, string>()
  for (const { name, attributes, children, text } of root.children) {
    const { id, value, override, ...more } = attributes
    if (name !== 'setting' || children.length > 0 || text !== '' || Object.keys(more).length > 0)
      throw new Error('not a setting')
    if (!/^[A-Z][A-Za-z0-9]*$/.test(id ?? '') || value === undefined || override !== 'true' || settings.has(id!))
      throw new Error(`${id} is not plain, or given twice`)
    settings.set(id!, value)
  }
  return settings
}

type Made = { model: string; mac: string; userAgent: string; accounts?: number }

/** Fresh from its box: the common file, that of its model, its own; afterwards whatever it was told instead. */
export function alcatelPhone(made: Made): BootingPhone {
  return { family: 'alcatel', ...made, boot: (from, fetch) => boot(from, fetch, made) }
}

async function boot(from: string, fetch: Fetch, { model, mac }: Made): Promise<Booted> {
  const all = new Map<string, string>()
  for (const file of ['config.xml', 'config.$model.xml', 'config.$mac.xml']) {
    const bytes = await need(fetch, from + file.replace('$model', model).replace('$mac', mac))
    for (const [id, value] of readAlcatel(bytes)) all.set(id, value)
  }
  const files = ['First', 'Second', 'Third'].map((place) => all.get(`DeviceProvisionFile${place}`))
  if (files.join() !== 'config.$model.xml,config.$mac.xml,') throw new Error('would not find its file again')
  await miss(fetch, `${from}firmware/upgrade.${model}.xml`)
  const enabled = [...all].filter(([id, value]) => /^Account\d+Enable$/.test(id) && value === 'true')
  const accounts = enabled.map(([id]) => {
    const say = (what: string) => all.get(id.replace('Enable', what))!
    const account = { user: say('UserName'), authUser: say('RegName'), password: say('Password') }
    return { ...account, host: say('Server1Address'), port: Number(say('Server1Port')) }
  })
  return { accounts, home: all.get('DeviceProvisionServerUrl')! }
}
