#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import { openApp } from './open-app.ts'

await createProgram(openApp).parseAsync()
