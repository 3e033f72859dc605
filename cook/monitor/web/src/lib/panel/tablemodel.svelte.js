import { getTable } from '../api.js'
import { Chunks } from './chunks.js'
import { parseFilter } from './filter.js'

const atOnce = 2000 // most rows that the engine gives at once
const readAhead = 200 // rows fetched before and after those that are shown
const mostFound = 10000 // rows of a search that are kept
const mostSearched = 200000 // rows that a search looks at
const mostCopied = 100000
const retry = 1000 // ms
const rest = 200 // ms between two readings of a whole table

// A TableModel is a node's table as the grid shows it: a window of row numbers of which only the
// rows near those in sight are here, or a list of rows (those that a filter found; all of a small table
// out of whose middle rows were removed). While it follows, it is the table as it is now; when paused
// it stays, as far as the rows were seen or are still in the engine.
export class TableModel {
  columns = $state.raw([])
  // base and end are the row numbers that are shown: from base up to, not including, end.
  base = $state(0)
  end = $state(0)
  // live is the table in the engine now: {base, end, n}.
  live = $state.raw({ base: 0, end: 0, n: 0 })
  following = $state(true)
  // version changes when rows became known.
  version = $state(0)
  // resets is how often all rows were void since the panel was opened; skipped how many rows came too
  // fast for the page to be told of each, missed how many of those a filter never saw.
  resets = $state(0)
  skipped = $state(0)
  missed = $state(0)
  known = $state(false)
  error = $state('')
  filter = $state('')
  notes = $state.raw([])
  searching = $state(false)
  searched = $state(0)
  // list is the rows that are shown when they are not a window of numbers, else null.
  list = $state.raw(null)

  #path
  #seen = new Chunks() // of the table as it is in the engine
  #shown = this.#seen // another one when the table was reset while paused
  #test = null
  #all = null // the rows of a small table out of which some were removed
  #search = null // AbortController of the search
  #wanted = null
  #fetching = false
  #reading = false
  #stale = false
  #closed = new AbortController()

  constructor(path) {
    this.#path = path
  }

  close() {
    this.#search?.abort()
    this.#closed.abort()
  }

  get length() {
    return this.list ? this.list.length : this.end - this.base
  }

  // voided says that the paused table is no more in the engine.
  get voided() {
    return this.version >= 0 && this.#shown !== this.#seen
  }

  // newer is how many rows came since it was paused.
  get newer() {
    return this.voided ? this.live.n : Math.max(0, this.live.end - this.end)
  }

  numberAt(i) {
    return this.list ? this.list[i]?.[0] : this.base + i
  }

  // indexOf returns the index of row number n, or of the next row that there is.
  indexOf(n) {
    if (!this.list) return n - this.base
    let [low, high] = [0, this.list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.list[middle][0] < n) low = middle + 1
      else high = middle
    }
    return low
  }

  // rowAt returns a row, its number first; null if it was removed, undefined if it is not here.
  rowAt(i) {
    return this.list ? this.list[i] : this.#shown.get(this.base + i)
  }

  // stateOf says why the row at i is not here: loading, removed, expired or void.
  stateOf(i) {
    if (this.rowAt(i) === null) return 'removed'
    if (this.voided) return 'void'
    return this.numberAt(i) < this.live.base ? 'expired' : 'loading'
  }

  // hear takes what the feed says is new in the table.
  hear({ columns, base, end, n, rows = [], reset, skipped = 0 }) {
    const before = this.live
    if (reset) this.#reset()
    this.#rename(columns)
    if (this.following) this.#seen.put(rows) // what is paused is not pushed out by what comes
    this.live = { base, end, n: n ?? end - base }
    this.skipped += skipped
    this.known = true
    if (this.following) this.#show(rows, reset ? base : before.end)
  }

  #reset() {
    if (this.known) this.resets++
    this.#seen = new Chunks()
  }

  #rename(columns) {
    if (!columns || columns.join('\t') === this.columns.join('\t')) return
    this.columns = columns
    if (this.filter) this.setFilter(this.filter)
  }

  // #show shows the table as it is now. rows are new, and all that is new if the first is number next.
  #show(rows, next) {
    const renewed = this.#shown !== this.#seen
    this.#shown = this.#seen
    this.base = this.live.base
    this.end = this.live.end
    this.version++
    if (this.#whole()) {
      this.list ??= this.#test ? rows.filter(this.#test) : rows // till all of it is here
      return void this.#readWhole()
    }
    if (this.#all) this.list = this.#all = null
    if (this.#test) this.#find(rows, next, renewed)
    else this.list = null
  }

  // #whole reports whether rows were removed from the table, and it is so small that all of it is read.
  #whole() {
    return this.live.n < this.live.end - this.live.base && this.live.n <= atOnce
  }

  async #readWhole() {
    this.#stale = true
    if (this.#reading) return
    this.#reading = true
    this.#stale = false
    const seen = this.#shown
    try {
      const { rows } = await this.#get(this.live.base, atOnce)
      if (seen === this.#shown && this.#whole() && (this.following || !this.#all)) {
        this.#all = rows
        this.#pick()
      }
    } catch (error) {
      this.#fail(error)
    }
    setTimeout(() => this.#again(), rest)
  }

  // #pick shows those of all rows that fit.
  #pick() {
    this.list = this.#test ? this.#all.filter(this.#test) : this.#all
    this.searched = this.#all.length
  }

  // #again reads what changed since the last rows were asked for.
  #again() {
    this.#reading = false
    if (this.#stale && this.following && this.#whole()) this.#readWhole()
  }

  // #find adds those of the new rows that fit to what the search found.
  #find(rows, next, renewed) {
    if (renewed || !this.list) return this.#searchAll()
    const found = rows.filter(this.#test)
    const first = rows[0]?.[0] ?? next
    this.missed += Math.max(0, first - next)
    this.searched += rows.length
    const kept = this.list.filter((row) => row[0] >= this.base)
    if (found.length > 0 || kept.length < this.list.length) this.list = [...kept, ...found].slice(-mostFound)
  }

  // setFilter shows only the rows that fit; an empty text shows all.
  setFilter(text) {
    this.#search?.abort()
    const { test, notes } = parseFilter(text, this.columns)
    this.filter = text
    this.notes = notes
    this.#test = test
    this.searching = false
    this.searched = 0
    this.missed = 0
    if (this.#all) this.#pick()
    else if (test) this.#searchAll()
    else this.list = null
    this.version++
  }

  // #searchAll looks through the table from its newest row back, a window at a time.
  async #searchAll() {
    this.#search?.abort()
    const search = (this.#search = new AbortController())
    const base = this.base
    this.list = []
    this.searched = 0
    this.searching = true
    for (let to = this.end; to > base && this.#searchOn(search); to -= atOnce) {
      const from = Math.max(base, to - atOnce)
      const rows = await this.#rowsOf(from, to, search.signal)
      if (search.signal.aborted) return
      const found = rows.filter(this.#test)
      if (found.length > 0) this.list = [...found, ...this.list].slice(-mostFound)
      this.searched += rows.length
    }
    if (!search.signal.aborted) this.searching = false
  }

  #searchOn(search) {
    return !search.signal.aborted && this.searched < mostSearched && this.list.length < mostFound
  }

  // #rowsOf returns the rows of [from, to), from here or from the engine.
  async #rowsOf(from, to, signal) {
    if (!this.voided) await this.#fetch(Math.max(from, this.live.base), to, signal)
    const rows = []
    for (let n = from; n < to; n++) {
      const row = this.#shown.get(n)
      if (row) rows.push(row)
    }
    return rows
  }

  #get(from, count, signal) {
    return getTable(this.#path, from, count, signal ?? this.#closed.signal)
  }

  // #fetch asks until all of [from, to) was seen. An answer has rows in order, without those that were
  // removed, and ends early if they are large.
  async #fetch(from, to, signal) {
    const seen = this.#shown
    try {
      while ((from = seen.unseen(from, to)) < to) {
        const { rows, base } = await this.#get(from, Math.min(atOnce, to - from), signal)
        seen.putRange(rows, Math.max(from, base), rows.length > 0 ? rows.at(-1)[0] + 1 : to)
        this.live = { ...this.live, base: Math.max(base, this.live.base) }
        from = Math.max(from, base)
      }
      this.error = ''
    } catch (error) {
      this.#fail(error)
    }
    if (!this.list) this.version++
  }

  #fail(error) {
    if (error.name !== 'AbortError') this.error = error.message
  }

  // need has the rows from index first to index last fetched, if they are not here.
  need(first, last) {
    if (this.list || this.voided) return
    const from = Math.max(this.live.base, this.base + first)
    const to = Math.min(this.end, this.base + last + 1)
    const unseen = this.#shown.unseen(from, to)
    this.#wanted = unseen < to ? [Math.max(this.live.base, unseen - readAhead), Math.min(this.end, to + readAhead)] : null
    if (this.#wanted && !this.#fetching) this.#fetchWanted()
  }

  async #fetchWanted() {
    this.#fetching = true
    while (this.#wanted && !this.#closed.signal.aborted) {
      const [from, to] = this.#wanted
      this.#wanted = null
      await this.#fetch(from, to)
      if (this.error) await new Promise((done) => setTimeout(done, retry))
    }
    this.#fetching = false
  }

  pause() {
    this.following = false
  }

  follow() {
    this.following = true
    if (!this.#all) this.list = null
    this.#show([], this.live.end)
  }

  // rows returns the rows with numbers low to high, for the clipboard.
  async rows(low, high) {
    if (this.list) return this.list.filter((row) => row[0] >= low && row[0] <= high)
    if (high - low >= mostCopied) throw new Error(`${(high - low + 1).toLocaleString('en')} rows are too many to copy; select at most ${mostCopied.toLocaleString('en')}`)
    const rows = []
    for (let from = low; from <= high; from += atOnce) {
      rows.push(...(await this.#rowsOf(from, Math.min(high + 1, from + atOnce), this.#closed.signal)))
    }
    return rows
  }
}
