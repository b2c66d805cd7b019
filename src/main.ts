#!/usr/bin/env -S node --max-semi-space-size=8 --no-allocation-site-pretenuring --use-largepages=silent
// The first line keeps V8's nursery small: a large import makes much that dies young, and grows it by 150 MB otherwise.
// What phones ask for is rendered in bursts, and V8 takes what survives one as a sign that everything made at that place
// is to be old at once, requests too: the heap of a storm then grows by 20 MB a second of what nobody holds (measured).
// It also puts Node's own code on large pages where the system has them: a phone's request runs through so much of it
// that finding the small ones shows (side by side on a busy machine 2 to 22 % less processor, 10 in the middle).
import { createProgram } from './cli/program.ts'
import { openApp } from './open-app.ts'

// Whoever reads our output may have seen enough (`| head`): that ends the output, not the work.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
await createProgram(openApp).parseAsync()
