import { readAcrobits } from '../vendors/acrobits.ts'
import { readAkuvox } from '../vendors/akuvox.ts'
import { readAvaya } from '../vendors/avaya.ts'
import { readCiscoDevice } from '../vendors/cisco-sep.ts'
import { readCiscoProfile } from '../vendors/cisco-spa.ts'
import { readDigium } from '../vendors/digium.ts'
import { readFanvil } from '../vendors/fanvil.ts'
import { readFlyingvoice } from '../vendors/flyingvoice.ts'
import { readGigasetBase, readGigasetFrame } from '../vendors/gigaset-n.ts'
import { readGrandstream } from '../vendors/grandstream.ts'
import { readLinphone } from '../vendors/linphone.ts'
import { readMicrosip } from '../vendors/microsip.ts'
import { readMitel } from '../vendors/mitel.ts'
import { readPoly } from '../vendors/poly.ts'
import { readSnom } from '../vendors/snom.ts'
import { readYealink } from '../vendors/yealink.ts'
import {
  readAastraDirectory,
  readAcrobitsContacts,
  readAvayaBook,
  readCards,
  readCiscoDirectory,
  readCiscoMenu,
  readDigiumBook,
  readGigasetList,
  readGrandstreamBook,
  readMicrosipDirectory,
  readPolyDirectory,
  readSnomDirectory,
  readTelephones,
  type ShownBook,
} from './read-books.ts'

/** Fetches what a phone fetches, or throws. */
export type FetchBytes = (url: string) => Promise<Buffer>

/** How a phone of a family comes to its phonebook, from its own configuration on, and reads it. */
export type BookReader = {
  family: string
  model: string
  /** Null: a softphone. */
  mac: string | null
  /** The file that names the phonebook. */
  config: string
  /** @param home the address of its files, with a closing slash */
  find: (config: Buffer, home: string, fetch: FetchBytes) => string | Promise<string>
  /** @param url where these bytes came from */
  read: (bytes: Buffer, url: string) => ShownBook
  /** Whether it shows one number an entry, and whoever has two stands there twice. */
  flat?: boolean
}

/** A base asks for as many as fit on the screen of a handset, then for those that follow. */
function readGigasetPage(bytes: Buffer, url: string): ShownBook {
  const { entries, last, total } = readGigasetList(bytes)
  return { entries, next: last < total ? url.replace(/first=\d+/, `first=${last + 1}`) : null }
}

const YEALINK = readTelephones('YealinkIPPhoneDirectory')

export const BOOK_READERS: readonly BookReader[] = [
  {
    ...{ family: 'yealink', model: 'T54W', mac: '805e0c1d6511', config: '805e0c1d6511.cfg' },
    ...{ find: (config) => readYealink(config).get('remote_phonebook.data.1.url')!, read: YEALINK },
  },
  {
    ...{ family: 'flyingvoice', model: 'FIP13G', mac: '0021f2aabb11', config: '0021f2aabb11.cfg' },
    ...{ find: (config) => readFlyingvoice(config).get('remote_phonebook.data.1.url')!, read: YEALINK },
  },
  {
    ...{ family: 'akuvox', model: 'SP-R55P', mac: '0c1105aabb11', config: '0c1105aabb11.cfg' },
    ...{ find: (config) => readAkuvox(config).get('RemotePhoneBook.REMOTE_PHONE_BOOK0.Url')!, read: YEALINK },
  },
  {
    ...{ family: 'fanvil', model: 'X4U', mac: '0c383eaabb11', config: '0c383eaabb11.cfg' },
    find: (config) => readFanvil(config).get('phone/xmlContact.1/Addr')!,
    read: readTelephones('FanvilIPPhoneDirectory', ['Telephone', 'Mobile', 'Other']),
  },
  {
    ...{ family: 'grandstream', model: 'GRP2614', mac: 'c074adaabb11', config: 'cfgc074adaabb11.xml' },
    find: (config) => {
      const { values } = readGrandstream(config)
      // Mode 2 is HTTP; the phone appends the name of the file to the path.
      if (values.get('P330') !== '2') throw new Error('the phonebook is off')
      return `http://${values.get('P331')!}/phonebook.xml`
    },
    read: readGrandstreamBook,
  },
  {
    ...{ family: 'snom', model: 'D785', mac: '000413aabb11', config: 'snomD785-000413AABB11.htm', flat: true },
    find: (config) => /^url (.*)$/.exec(readSnom(config).settings.get('dkey_directory')!)![1]!,
    read: readSnomDirectory,
  },
  {
    ...{ family: 'cisco-spa', model: 'CP-8851-3PCC', mac: '00562baabb11', config: '00562baabb11.xml', flat: true },
    find: async (config, _, fetch) => {
      const menu = readCiscoMenu(await fetch(readCiscoProfile(config).get('XML_Directory_Service_URL')!))
      return [...menu.values()][0]!
    },
    read: readCiscoDirectory,
  },
  {
    ...{ family: 'cisco-sep', model: 'CP-8841', mac: '001873aabb11', config: 'SEP001873AABB11.cnf.xml', flat: true },
    find: async (config, _, fetch) => {
      const menu = readCiscoMenu(await fetch(readCiscoDevice(config).all.get('directoryURL')!))
      return [...menu.values()][0]!
    },
    read: readCiscoDirectory,
  },
  {
    ...{ family: 'poly', model: 'VVX_450', mac: '0004f2aabb11', config: '0004f2aabb11-offhook.cfg' },
    find: (config, home) => {
      if (readPoly(config).get('dir.local.readonly') !== '1') throw new Error('what users change is lost')
      return `${home}0004f2aabb11-directory.xml`
    },
    read: readPolyDirectory,
  },
  {
    ...{ family: 'digium', model: 'P325', mac: '000fd3aabb11', config: '000fd3aabb11.cfg' },
    ...{ find: (config) => readDigium(config).company!, read: readDigiumBook },
  },
  {
    ...{ family: 'mitel', model: '6930', mac: '00085daabb11', config: '00085DAABB11.cfg', flat: true },
    ...{ find: (config) => readMitel(config).get('directory script')!, read: readAastraDirectory },
  },
  {
    ...{ family: 'avaya', model: 'J179', mac: 'c81feaaabb11', config: 'c81feaaabb11.txt' },
    ...{ find: (config) => readAvaya(config).values.get('DOWNLOADABLE_DIRECTORY')!, read: readAvayaBook },
  },
  {
    ...{ family: 'gigaset-n', model: 'N870', mac: '7c2f80eaabb1', config: '7C2F80EAABB1.xml' },
    find: (config) =>
      `${readGigasetBase(config).values.get('XMLDir.1.ServerURL')!}command=get_list&type=pb&first=1&count=100`,
    read: readGigasetPage,
  },
  {
    ...{ family: 'gigaset-n510', model: 'N510', mac: '7c2f804aabb1', config: '7C2F804AABB1.xml' },
    find: (config) => {
      const url = readGigasetFrame(config).values.get('BS_XML_Netdirs.astNetdirProvider[0].aucServerURL')!
      return `${url}?command=get_list&type=pb&first=1&count=100`
    },
    read: readGigasetPage,
  },
  {
    ...{ family: 'linphone', model: 'Linphone', mac: null, config: 'linphone.xml' },
    ...{ find: (config) => readLinphone(config).get('misc/contacts-vcard-list')!, read: readCards },
  },
  {
    ...{ family: 'acrobits', model: 'Groundwire', mac: null, config: 'acrobits.xml' },
    ...{ find: (config) => readAcrobits(config).get('wsContactsUrl')!, read: readAcrobitsContacts },
  },
  {
    ...{ family: 'microsip', model: 'MicroSIP', mac: null, config: 'microsip.ini' },
    find: (config) => [...readMicrosip(config)].find(([name]) => name.endsWith('/usersdirectory'))![1],
    read: readMicrosipDirectory,
  },
]
