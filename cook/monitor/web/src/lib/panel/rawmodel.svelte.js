import { getRaw } from '../api.js'
import { feed } from '../feed.svelte.js'
import { clock } from '../format.js'
import { parseFilter } from './filter.js'

const kept = 1000 // events, as in the engine
const every = 500 // ms between two askings
const columns = ['time', 'what', 'from', 'bytes', 'begins with']
const begin = 24 // bytes of an event that the list shows

// A RawModel is what arrived at a node as it came, for the grid: an event a row, the newest 1,000.
export class RawModel {
  columns = columns
  base = 0
  end = $state(0) // after the newest event's number
  following = $state(true)
  version = $state(0)
  filter = $state('')
  notes = $state.raw([])
  error = $state('')
  note = $state('')
  lost = $state(0) // events that were gone before they could be shown
  list = $state.raw([])

  #path
  #events = $state.raw([])
  #frozen = null
  #test = null
  #session = feed.session
  #timer = 0
  #closed = new AbortController()

  constructor(path) {
    this.#path = path
    this.#poll()
  }

  close() {
    clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #poll() {
    if (feed.session !== this.#session) this.#begin()
    try {
      const { events, note } = await getRaw(this.#path, this.end, kept, this.#closed.signal)
      this.note = note ?? ''
      this.error = ''
      if (events.length > 0) this.#hear(events)
    } catch (error) {
      if (error.name === 'AbortError') return
      this.error = error.message
    }
    this.#timer = setTimeout(() => this.#poll(), every)
  }

  // #begin begins anew, since the engine may be another one, which numbers its events from 0.
  #begin() {
    this.#session = feed.session
    this.#events = []
    this.end = 0
  }

  #hear(events) {
    if (this.#events.length > 0) this.lost += events[0].seq - this.end
    this.end = events.at(-1).seq + 1
    this.#events = [...this.#events, ...events].slice(-kept)
    if (this.following) this.#show()
  }

  #show() {
    const rows = (this.#frozen ?? this.#events).map(rowOf)
    this.list = this.#test ? rows.filter(this.#test) : rows
    this.version++
  }

  setFilter(text) {
    const { test, notes } = parseFilter(text, columns)
    this.filter = text
    this.notes = notes
    this.#test = test
    this.#show()
  }

  pause() {
    this.#frozen ??= this.#events
    this.following = false
  }

  follow() {
    this.#frozen = null
    this.following = true
    this.#show()
  }

  get newer() {
    return this.#frozen ? this.end - 1 - (this.#frozen.at(-1)?.seq ?? -1) : 0
  }

  // event returns the event with that number, or undefined.
  event(seq) {
    return (this.#frozen ?? this.#events).find((event) => event.seq === seq)
  }

  get length() {
    return this.list.length
  }

  numberAt(i) {
    return this.list[i]?.[0]
  }

  indexOf(n) {
    const i = this.list.findIndex((row) => row[0] >= n)
    return i < 0 ? this.list.length : i
  }

  rowAt(i) {
    return this.list[i]
  }

  stateOf() {
    return 'removed'
  }

  need() {}

  async rows(low, high) {
    return this.list.filter((row) => row[0] >= low && row[0] <= high)
  }
}

function rowOf({ seq, wall, from, kind, bytes, hex = '', rows = 0, error }) {
  const what = error ? `error: ${error}` : rows > 0 ? `${kind}, ${rows} row${rows === 1 ? '' : 's'}` : kind
  return [seq, clock(wall), what, from, bytes, { t: 'bytes', hex: hex.slice(0, begin * 2) }]
}
