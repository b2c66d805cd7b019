import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { bundle } from '../../test/support/debian/bundle.ts'
import { findFreePorts } from '../../test/support/asterisk/ports.ts'
import type { Started } from './start-offhook.ts'

/** Starts nginx with one worker on a folder of files, tuned as its manual says for static files; access log on. */
export async function startNginx(folder: string, root: string): Promise<Started> {
  const { program } = await bundle('tools')
  const port = await findFreePorts(1)
  const own = join(folder, 'nginx')
  await mkdir(own)
  await writeFile(join(own, 'nginx.conf'), configure(own, root, port))
  const args = ['-p', own, '-c', join(own, 'nginx.conf'), '-e', join(own, 'error.log')]
  const child = spawn(program('nginx'), args, { stdio: 'inherit' })
  for (let tries = 0; !(await isUp(port)); tries++) {
    if (child.exitCode !== null || tries > 100) throw new Error('nginx did not come up')
    await pause(50)
  }
  return {
    port,
    pid: child.pid!,
    stop: async () => {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

/** Without a master the one worker is the process that was started. */
function configure(own: string, root: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
master_process off;
worker_processes 1;
pid ${own}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log ${own}/access.log combined buffer=8k flush=100ms;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  default_type text/plain;
${temporary.map((name) => `  ${name}_temp_path ${own}/${name};`).join('\n')}
  server { listen 127.0.0.1:${port}; root ${root}; }
}
`
}

async function isUp(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}
