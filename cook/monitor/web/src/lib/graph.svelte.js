// The graph as the engine has it now, and what is known of each node. A NodeView lives as long as its path
// is in the graph, so what shows it is not drawn again when the graph changes elsewhere.

import { SvelteMap } from 'svelte/reactivity'
import { getGraph, setToken } from './api.js'
import { feed } from './feed.svelte.js'

const tick = 250 // ms between two readings of the counters: what changes faster cannot be read
const readings = 5 // a rate is over the last second
const trend = 40 // points of a sparkline, one a second

// A NodeView is a node's declaration and its counters, rates and state as they are shown.
export class NodeView {
  path
  // node is the entry of /api/graph.
  node = $state.raw({})
  // state is ok, error, bypassed, inactive, starved, stale; unknown until the feed told.
  state = $state('unknown')
  // live is the newest entry of the feed's nodes, as the contract has it.
  live = $state.raw({ c: 0, in: 0, out: 0, n: 0, ns: 0, avg: 0, max: 0, e: 0, ev: 0, sent: 0, lost: 0, p: 0, w: 0 })
  // rate is rows written, or of an operator that only acts messages sent, a second: unit says which. cooks is cooks a second,
  // and wire is rows that went on to those who read the node.
  rate = $state(0)
  unit = $state('rows')
  wire = $state(0)
  cooks = $state(0)
  // ns is how long the last cooks took, smoothed.
  ns = $state(0)
  // trend is the rate of the last 40 seconds, oldest first.
  trend = $state.raw([])

  #next = null
  #seen = []
  #ticks = 0

  constructor(node) {
    this.path = node.path
    this.node = node
  }

  // hear keeps what the feed told until the next tick.
  hear(live) {
    this.#next = live
    if (live.s !== this.state) this.state = live.s
  }

  // tick shows what was heard until wall, the engine's time of day in seconds.
  tick(wall) {
    const live = this.#next
    if (!live) return
    if (live !== this.live) {
      if (live.c < this.live.c) this.#seen = [] // another engine, or a node that was made anew
      this.ns = live.ns < this.ns / 2 || this.ns === 0 ? live.ns : this.ns + (live.ns - this.ns) * 0.4
      this.live = live
    }
    this.#seen.push({ wall, out: live.out, sent: live.sent, cooks: live.c })
    if (this.#seen.length > readings) this.#seen.shift()
    this.#rates()
    if (this.#ticks++ % 4 === 0) this.#note()
  }

  #rates() {
    const [from, to] = [this.#seen[0], this.#seen.at(-1)]
    const seconds = Math.max(1e-3, to.wall - from.wall)
    const per = (counter) => Math.max(0, (to[counter] - from[counter]) / seconds)
    this.unit = this.node.class === 'effect' ? 'sent' : 'rows'
    this.wire = per('out')
    this.rate = this.unit === 'sent' ? per('sent') : this.wire
    this.cooks = per('cooks')
  }

  #note() {
    const last = this.trend.slice(-trend + 1)
    if (this.rate > 0 || last.some((v) => v > 0)) this.trend = [...last, this.rate]
  }
}

class Graph {
  // engine is /api/graph's: version, patch, mode, fps, startedWall, write, generation.
  engine = $state.raw({ patch: '', mode: 'frame', fps: 0, write: false, generation: -1 })
  // nodes is /api/graph's, in plan order.
  nodes = $state.raw([])
  // fault says why the graph could not be fetched.
  fault = $state('')
  // views has a NodeView for each path.
  views = new SvelteMap()

  #order = [] // the views by index
  #pending = new Map() // what the feed told of the generation that is being fetched, by index
  #pendingGeneration = -1
  #generation = -1 // of what is shown
  #session = 0 // of the feed that told it
  #ticked = 0 // the engine's time of the last tick
  #fetching = false

  start() {
    feed.onmessage((message) => this.#hear(message))
    this.#fetch()
    feed.connect()
    setInterval(() => this.#tick(), tick)
  }

  view(path) {
    return this.views.get(path)
  }

  // at is the path of the node that the feed numbers i.
  at(i) {
    return this.#order[i]?.path ?? ''
  }

  #hear({ generation, nodes = [] }) {
    if (feed.session !== this.#session) {
      this.#session = feed.session
      this.#generation = this.#pendingGeneration = -1
    }
    if (generation !== undefined && generation !== this.#generation) {
      if (generation !== this.#pendingGeneration) this.#pending.clear()
      this.#pendingGeneration = generation
      for (const live of nodes) this.#pending.set(live.i, live)
      this.#fetch()
      return
    }
    for (const live of nodes) this.#order[live.i]?.hear(live)
  }

  async #fetch() {
    if (this.#fetching) return
    this.#fetching = true
    try {
      const { engine, nodes } = await getGraph()
      setToken(engine.token)
      this.#adopt(engine, nodes)
      this.fault = ''
    } catch (error) {
      this.fault = error.message
    }
    this.#fetching = false
  }

  #adopt(engine, nodes) {
    const paths = new Set(nodes.map((node) => node.path))
    for (const path of this.views.keys()) if (!paths.has(path)) this.views.delete(path)
    this.#order = nodes.map((node) => {
      const known = this.views.get(node.path)
      if (known) known.node = node
      else this.views.set(node.path, new NodeView(node))
      return this.views.get(node.path)
    })
    this.engine = engine
    this.nodes = nodes
    this.#generation = engine.generation
    if (engine.generation !== this.#pendingGeneration) return
    for (const [i, live] of this.#pending) this.#order[i]?.hear(live)
    this.#pending.clear()
  }

  #tick() {
    const { wall } = feed.head
    if (wall === this.#ticked) return
    this.#ticked = wall
    for (const view of this.#order) view.tick(wall)
  }
}

export const graph = new Graph()
