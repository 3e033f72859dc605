// The feed: one WebSocket for the whole page. Components say what they want to see; what they want is
// merged into one subscription, and said again whenever it changes and after every reconnect.

import { feedURL } from './api.js'

const firstRetry = 250 // ms, doubled up to lastRetry
const lastRetry = 5000
const keptRows = 2000 // of a tail, for those who begin to watch later

class Feed {
  // status is connecting, live or lost.
  status = $state('connecting')
  // head is the last message without its lists: frame, time, wall, late, frames, cooks, skipped, errors, generation.
  head = $state.raw({ frame: 0, time: 0, wall: 0, late: 0, frames: 0, cooks: 0, skipped: 0, errors: 0, generation: -1 })

  // session counts the connections: each may be to another engine.
  session = 0

  #socket = null
  #retry = firstRetry
  #timer = 0
  #tails = new Map() // path -> what was sent of it, and who watches
  #log = null // {options, heard}
  #frames = new Set()
  #heard = new Set() // of every message
  #asking = false

  connect() {
    clearTimeout(this.#timer)
    const socket = new WebSocket(feedURL())
    this.#socket = socket
    for (const tail of this.#tails.values()) tail.fresh = true
    socket.onopen = () => {
      this.#retry = firstRetry
      this.session++
      this.#ask()
    }
    socket.onmessage = (event) => this.#take(JSON.parse(event.data))
    socket.onclose = () => this.#lose()
  }

  #lose() {
    this.status = 'lost'
    this.#socket = null
    this.#timer = setTimeout(() => this.connect(), this.#retry * (0.75 + Math.random() / 2))
    this.#retry = Math.min(lastRetry, this.#retry * 2)
  }

  // onmessage has heard called with every message; it returns what ends that.
  onmessage(heard) {
    this.#heard.add(heard)
    return () => this.#heard.delete(heard)
  }

  // watch has heard called with what is new in the table of the node at path: {columns, base, end, rows:
  // [[number, cells...]...], reset, skipped}, where reset voids all before. To watch is a demand: the node
  // cooks. rows is how many of the newest rows matter; raw keeps the node's raw events for /api/raw. It
  // returns what ends the watching.
  watch(path, { rows = 200, raw = false }, heard) {
    const watcher = { rows, raw, heard }
    let tail = this.#tails.get(path)
    if (!tail) this.#tails.set(path, (tail = { watchers: new Set(), sent: null, fresh: true }))
    tail.watchers.add(watcher)
    if (tail.sent) heard({ ...tail.sent, reset: true })
    this.#changed()
    return () => {
      tail.watchers.delete(watcher)
      if (tail.watchers.size === 0 && this.#tails.get(path) === tail) this.#tails.delete(path)
      this.#changed()
    }
  }

  // log has heard called with ([messages...], how many were left out). There is one log: the last call wins.
  // options: node, peer and address (patterns), sent, rows. It returns what ends it.
  log(options, heard) {
    const mine = (this.#log = { options, heard })
    this.#changed()
    return () => {
      if (this.#log !== mine) return
      this.#log = null
      this.#changed()
    }
  }

  // frames has heard called with [{frame, time, ns, lateNs, cooks: [[i, startNs, ns, reason]...]}...].
  frames(heard) {
    this.#frames.add(heard)
    this.#changed()
    return () => {
      this.#frames.delete(heard)
      this.#changed()
    }
  }

  // #changed asks once for all that changed in this turn of the event loop.
  #changed() {
    if (this.#asking) return
    this.#asking = true
    queueMicrotask(() => {
      this.#asking = false
      this.#ask()
    })
  }

  #ask() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    const watch = [...this.#tails].map(([path, { watchers }]) => ({
      path,
      rows: Math.max(...[...watchers].map((w) => w.rows)),
      raw: [...watchers].some((w) => w.raw),
    }))
    const log = this.#log ? { on: true, ...this.#log.options } : { on: false }
    this.#socket.send(JSON.stringify({ nodes: true, watch, log, frames: this.#frames.size > 0 }))
  }

  #take(message) {
    const { nodes, tails, log, logSkipped, frameLog, ...head } = message
    this.status = 'live'
    this.head = { ...this.head, ...head }
    for (const heard of this.#heard) heard(message)
    for (const [path, news] of Object.entries(tails ?? {})) this.#tail(path, news)
    if (log || logSkipped) this.#log?.heard(log ?? [], logSkipped ?? 0)
    if (frameLog) for (const heard of this.#frames) heard(frameLog)
  }

  #tail(path, news) {
    const tail = this.#tails.get(path)
    if (!tail || news.error) return // of a node that is not there, nothing is new
    const reset = news.reset || tail.fresh || tail.sent === null
    tail.fresh = false
    const rows = (reset ? news.rows : tail.sent.rows.concat(news.rows)).slice(-keptRows)
    tail.sent = { columns: news.columns ?? tail.sent?.columns, base: news.base, end: news.end, n: news.n, rows, skipped: 0 }
    for (const { heard } of tail.watchers) heard({ ...news, columns: tail.sent.columns, reset })
  }
}

export const feed = new Feed()
