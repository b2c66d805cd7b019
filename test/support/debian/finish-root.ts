import { existsSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { moveLinphoneGrammars } from './linphone.ts'

/** Links that the packages' maintainer scripts would have made: where they lie and what they point to. */
const LINKS = [['usr/share/asterisk/sounds/en', 'en_US_f_Allison']] as const

/** Completes an unpacked root with what installing it would have done; `base` is where it will lie in the end. */
export async function finishRoot(root: string, base: string): Promise<void> {
  for (const [link, target] of LINKS) {
    const isWanted = existsSync(join(root, link, '..', target)) && !existsSync(join(root, link))
    if (isWanted) await symlink(target, join(root, link))
  }
  await moveLinphoneGrammars(root, base)
}
