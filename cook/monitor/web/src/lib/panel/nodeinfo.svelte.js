import { getNode } from '../api.js'

const every = 1000 // ms between two askings

// A NodeInfo is what the engine tells of one node at /api/node, asked for every second.
export class NodeInfo {
  // node is the last answer, null before the first.
  node = $state.raw(null)
  error = $state('')

  #path
  #timer = 0
  #closed = new AbortController()

  constructor(path) {
    this.#path = path
    this.refresh()
  }

  // refresh asks now, as after a change.
  async refresh() {
    clearTimeout(this.#timer)
    try {
      this.node = await getNode(this.#path, this.#closed.signal)
      this.error = ''
    } catch (error) {
      if (error.name === 'AbortError') return
      this.error = error.message
    }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.refresh(), every)
  }

  close() {
    clearTimeout(this.#timer)
    this.#closed.abort()
  }
}
