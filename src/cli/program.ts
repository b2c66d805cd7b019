import { Command } from 'commander'
import type { App, Run } from './app.ts'
import { addClaimCommands } from './claim-commands.ts'
import { addAssetCommands } from './asset-commands.ts'
import { addCheck } from './check-command.ts'
import { addContactCommands } from './contact-commands.ts'
import { reportFailure } from './exit-code.ts'
import { addDhcp } from './dhcp-command.ts'
import { addExportCommands } from './export-commands.ts'
import { addFirmwareCommands } from './firmware-commands.ts'
import { addGroupCommands } from './group-commands.ts'
import { addDidCommands } from './did-commands.ts'
import { addLocationCommands } from './location-commands.ts'
import { addRedirectCommands } from './redirect-commands.ts'
import { addRoleCommands } from './role-commands.ts'
import { addImport } from './import-command.ts'
import { addMailCommands } from './mail-commands.ts'
import { addMailboxCommands } from './mailbox-commands.ts'
import { createOutput } from './output.ts'
import { addPeopleCommands } from './people-commands.ts'
import { addPhonebookCommands } from './phonebook-commands.ts'
import { addPhoneCommands } from './phone-commands.ts'
import { addRepairCommands } from './repair-commands.ts'
import { addProfileCommands } from './profile-commands.ts'
import { addSettingsCommands } from './settings-commands.ts'
import { addStoredImportCommands } from './stored-import-commands.ts'
import { addSystemCommands } from './system-commands.ts'
import { addTenantCommands } from './tenant-commands.ts'
import { addTokenCommands } from './token-commands.ts'
import { addUserCommands } from './user-commands.ts'
import { addWebhookCommands } from './webhook-commands.ts'

export type GlobalFlags = { json: boolean; tenant: string }

/** Opens what a command needs; the composition root knows how. `close` gives it all back. */
export type OpenApp = (flags: GlobalFlags) => { app: App; close: () => Promise<void> }

/** The whole command line. Sets the exit code of the process; never exits it. */
export function createProgram(openApp: OpenApp): Command {
  const program = new Command('offhook')
    .description('From spreadsheet to dial tone: phones and people for Asterisk')
    .option('--json', 'print one JSON document', false)
    .option('--tenant <slug>', 'which organisation', 'default')
    .showHelpAfterError()
  const run: Run = async (work) => {
    const flags = program.opts<GlobalFlags>()
    const { app, close } = openApp(flags)
    try {
      process.exitCode = await work(app)
    } catch (error) {
      reportFailure(error, createOutput(flags.json))
      process.exitCode = 1
    } finally {
      await close()
    }
  }
  for (const add of [
    addSystemCommands,
    addTenantCommands,
    addRoleCommands,
    addLocationCommands,
    addProfileCommands,
    addSettingsCommands,
    addDidCommands,
    addImport,
    addStoredImportCommands,
    addRepairCommands,
    addPeopleCommands,
    addUserCommands,
    addExportCommands,
    addMailCommands,
    addPhoneCommands,
    addFirmwareCommands,
    addAssetCommands,
    addClaimCommands,
    addGroupCommands,
    addContactCommands,
    addPhonebookCommands,
    addMailboxCommands,
    addTokenCommands,
    addWebhookCommands,
    addRedirectCommands,
    addDhcp,
    addCheck,
  ])
    add(program, run)
  // Global flags may stand before or after the command.
  for (const command of allCommands(program))
    command.option('--json', 'print one JSON document').option('--tenant <slug>', 'which organisation')
  program.hook('preAction', (_, action) => {
    const { json, tenant } = action.opts<Partial<GlobalFlags>>()
    if (json) program.setOptionValue('json', true)
    if (tenant !== undefined) program.setOptionValue('tenant', tenant)
  })
  return program
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => (child.commands.length > 0 ? allCommands(child) : [child]))
}
