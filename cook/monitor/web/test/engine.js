// An engine for tests: the real binary with a patch of the test's, on free ports of loopback.

import { execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

let built

// binary is the program: LINECOOK, or it is built once.
function binary() {
  if (process.env.LINECOOK) return process.env.LINECOOK
  if (!built) {
    const dir = mkdtempSync(join(tmpdir(), 'linecook-'))
    process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
    built = join(dir, 'linecook')
    execFileSync('go', ['build', '-o', built, '../../../cmd/linecook'], { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' })
  }
  return built
}

// startEngine runs a patch (YAML without its first line) until stop. url is what to open; port(node) is where a
// node listens; api(path) and post(path, body) ask the monitor; write(yaml) changes the patch's file.
export async function startEngine({ patch, write = false, args = [] }) {
  const dir = mkdtempSync(join(tmpdir(), 'linecook-'))
  const file = join(dir, 'show.yaml')
  const save = (yaml) => writeFileSync(file, 'linecook: v1\n' + yaml)
  save(patch)
  const all = ['run', '--log-format', 'json', '--monitor', '127.0.0.1:0', ...(write ? ['--monitor-write'] : []), ...args, file]
  const child = spawn(binary(), all, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] })
  const log = []
  const ended = new Promise((done) => child.on('exit', done))
  const url = await new Promise((done, fail) => {
    let shown = ''
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line)
      const entry = line.startsWith('{') ? JSON.parse(line) : {}
      if (entry.msg === 'monitor') shown = entry.url
      if (entry.msg === 'ready') done(shown)
    })
    ended.then((code) => fail(new Error(`linecook ${all.join(' ')} ended with ${code}:\n${log.join('\n')}`)))
  })
  const at = new URL(url)
  const token = at.searchParams.get('token')
  const ask = async (path, options = {}) => {
    const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) }
    const response = await fetch(new URL(path, at.origin), { ...options, headers })
    return response.json()
  }
  return {
    url,
    log,
    save,
    api: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    async port(path) {
      const { nodes } = await ask('/api/graph')
      return Number(nodes.find((node) => node.path === path).listening[0].match(/:(\d+)$/)[1])
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

// osc returns an OSC message: strings are s, whole numbers i, others f, Uint8Arrays b, true and false T and F.
export function osc(address, ...args) {
  const tags = args.map((v) => (typeof v === 'string' ? 's' : v instanceof Uint8Array ? 'b' : v === true ? 'T' : v === false ? 'F' : Number.isInteger(v) ? 'i' : 'f'))
  return Buffer.concat([text(address), text(',' + tags.join('')), ...args.map((v, i) => argument(tags[i], v))])
}

function argument(tag, v) {
  const b = Buffer.alloc(tag === 'T' || tag === 'F' ? 0 : 4)
  if (tag === 'i') b.writeInt32BE(v)
  if (tag === 'f') b.writeFloatBE(v)
  if (tag === 's') return text(v)
  if (tag === 'b') {
    b.writeInt32BE(v.length)
    return Buffer.concat([b, v, Buffer.alloc(-v.length & 3)])
  }
  return b
}

function text(s) {
  const b = Buffer.from(s)
  return Buffer.concat([b, Buffer.alloc(4 - (b.length & 3))])
}

// bundle returns an OSC bundle of messages, to be done at once.
export function bundle(...messages) {
  const head = Buffer.concat([text('#bundle'), Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])])
  return Buffer.concat([head, ...messages.flatMap((m) => [Buffer.from([0, 0, m.length >> 8, m.length & 255]), m])])
}

// sender returns a UDP socket to port on loopback: send(...packets), close(), port.
export async function sender(port) {
  const socket = createSocket('udp4')
  await new Promise((done) => socket.connect(port, '127.0.0.1', done))
  return {
    port: socket.address().port,
    async send(...packets) {
      for (const packet of packets) await new Promise((done, fail) => socket.send(packet, (error) => (error ? fail(error) : done())))
    },
    close: () => socket.close(),
  }
}
