import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROVISIONING_FOLDER, readFamilies } from '../../src/boot/load-families.ts'
import { describeInFull, describeInShort, replaceBlock } from './support-tables.ts'

// Writes what the families support into README.md and provisioning/SUPPORT.md, for whoever changed a family:
// npm exec -- node test/support/write-tables.ts

const { families, complaints } = await readFamilies()
if (complaints.length > 0) throw new Error(complaints.map(({ family, message }) => `${family}: ${message}`).join('\n'))
const readme = join(PROVISIONING_FOLDER, '../README.md')
await writeFile(readme, replaceBlock(await readFile(readme, 'utf8'), await describeInShort(families)))
await writeFile(join(PROVISIONING_FOLDER, 'SUPPORT.md'), await describeInFull(families))
