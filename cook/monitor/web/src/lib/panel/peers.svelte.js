import { getPeers } from '../api.js'

const every = 1000 // ms between two askings

// Peers is a node's peers with what came and went a second, asked for every second.
export class Peers {
  // list is /api/peers' with the rates messagesInRate, bytesInRate, messagesOutRate and bytesOutRate; null
  // before the first answer.
  list = $state.raw(null)
  error = $state('')

  #path
  #timer = 0
  #before = new Map()
  #at = 0
  #closed = new AbortController()

  constructor(path) {
    this.#path = path
    this.refresh()
  }

  async refresh() {
    clearTimeout(this.#timer)
    try {
      this.#take((await getPeers(this.#path, this.#closed.signal)).peers)
      this.error = ''
    } catch (error) {
      if (error.name === 'AbortError') return
      this.error = error.message
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.refresh(), every)
  }

  #take(peers) {
    const now = performance.now()
    const seconds = (now - this.#at) / 1000
    const rate = (peer, name) => {
      const before = this.#before.get(peer.id)
      return before ? Math.max(0, (peer[name] - before[name]) / seconds) : 0
    }
    this.list = peers.map((peer) => ({
      ...peer,
      messagesInRate: rate(peer, 'messagesIn'),
      bytesInRate: rate(peer, 'bytesIn'),
      messagesOutRate: rate(peer, 'messagesOut'),
      bytesOutRate: rate(peer, 'bytesOut'),
    }))
    this.#before = new Map(peers.map((peer) => [peer.id, peer]))
    this.#at = now
  }

  close() {
    clearTimeout(this.#timer)
    this.#closed.abort()
  }
}
