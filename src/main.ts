#!/usr/bin/env -S node --max-semi-space-size=8
// The first line keeps V8's nursery small: a large import makes much that dies young, and grows it by 150 MB otherwise.
import { createProgram } from './cli/program.ts'
import { openApp } from './open-app.ts'

await createProgram(openApp).parseAsync()
