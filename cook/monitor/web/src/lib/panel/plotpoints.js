import { numberOf, textOf } from './cells.js'

const most = 20000 // points
export const mostLines = 12
const burst = 0.05 // s over which rows that came together are spread, when nothing came before them

// PlotPoints keeps the newest points of a plot: a line for each value of a key column and for each
// column that is drawn. A point has its row's number and the time it came, as far as the page
// knows: the feed tells of rows 20 times a second, so those that came together are spread between.
export class PlotPoints {
  #points = [] // {time, row, line, value}, oldest first
  #lines = new Map() // name -> index
  #other = new Set()
  #last = 0

  constructor({ columns, key }) {
    this.columns = columns
    this.key = key
  }

  get names() {
    return [...this.#lines.keys()]
  }

  // others is how many lines are not drawn since there are too many.
  get others() {
    return this.#other.size
  }

  // add takes rows (their numbers first) of a table with these columns, told of at now, in Unix seconds.
  add(rows, columns, now) {
    const from = Math.max(this.#last, now - (now - this.#last < 1 ? 1 : burst))
    const key = columns.indexOf(this.key)
    const drawn = this.columns.map((name) => [name, columns.indexOf(name)]).filter(([, at]) => at >= 0)
    rows.forEach((row, i) => {
      const time = from + ((now - from) * (i + 1)) / rows.length
      for (const [name, at] of drawn) this.#point(row, time, this.#name(row, key, name), numberOf(row[at + 1]))
    })
    this.#last = now
    if (this.#points.length > most * 1.25) this.#points = this.#points.slice(-most)
  }

  #name(row, key, column) {
    if (key < 0) return column
    const value = textOf(row[key + 1]) || 'nil'
    return this.columns.length > 1 ? `${value} ${column}` : value
  }

  #point(row, time, name, value) {
    if (!Number.isFinite(value)) return
    if (!this.#lines.has(name)) {
      if (this.#lines.size >= mostLines) return void this.#count(name)
      this.#lines.set(name, this.#lines.size)
    }
    this.#points.push({ time, row: row[0], line: this.#lines.get(name), value })
  }

  #count(name) {
    if (this.#other.size < 1000) this.#other.add(name)
  }

  // data returns the points since x from, as uPlot takes them: [[x...], [line 1...], [line 2...]...], null
  // where a line has no point. by is time or row.
  data(by, from) {
    const points = this.#points.filter((point) => point[by] >= from)
    const data = [[], ...this.names.map(() => [])]
    for (const point of points) {
      const at = data[0].length - 1
      if (data[0][at] === point[by] && data[point.line + 1][at] === null) {
        data[point.line + 1][at] = point.value
        continue
      }
      data[0].push(point[by])
      for (let line = 1; line < data.length; line++) data[line].push(null)
      data[point.line + 1][at + 1] = point.value
    }
    return data
  }

  clear() {
    this.#points = []
  }

  // oldest is the x of the oldest point, or 0.
  oldest(by) {
    return this.#points[0]?.[by] ?? 0
  }

  // newest is the x of the newest point, or 0.
  newest(by) {
    return this.#points.at(-1)?.[by] ?? 0
  }
}
