import { expect, test } from 'vitest'
import { describeImport } from '../../src/cli/describe-import.ts'
import { previewImport } from '../../src/people/import-people.ts'
import { openTestDesk } from '../people/open-test-desk.ts'

const { desk } = await openTestDesk()

test('a softphone that is not there yet is called as one asks for it later', async () => {
  const input = { kind: 'text' as const, text: 'extension,last_name,model\n1003,Clark,Linphone\n' }
  const request = { tenant: desk.acme, source: 'people.csv', actor: 'test', input, options: {} }
  const words = describeImport(await previewImport(desk, request))
  expect(words).toContain('Clark (1003)  endpoint 1003-acme, mailbox 1003@acme, phone 1003/linphone (Linphone)')
})
