import { numberOf, textOf } from './cells.js'

// What is typed into the filter of a table: words that all must fit. "kick" is in any cell,
// whatever its case; "address=/fader/*" is a whole cell of one column; != < <= > >= as one expects.
// Quotes keep spaces: address="/a b". What is no column's name is looked for as text.

const TERM = /^([^=!<>"]+)(!=|<=|>=|=|<|>)(.*)$/s

// The filter that text means for a table of these columns: {test, notes}, where test takes a row
// as the server sends it (its number first) and is null if every row fits.
export function parseFilter(text, columns) {
  const notes = []
  const tests = words(text).map((word) => termTest(word, columns, notes))
  if (tests.length === 0) return { test: null, notes }
  return { test: (row) => tests.every((test) => test(row)), notes: [...new Set(notes)] }
}

function words(text) {
  return (text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []).filter((word) => word !== '""')
}

const unquoted = (text) => text.replaceAll('"', '')

function termTest(word, columns, notes) {
  const term = TERM.exec(word)
  if (!term) return anyCell(unquoted(word))
  const column = columns.indexOf(term[1])
  if (column < 0) {
    notes.push(`no column "${term[1]}": looked for as text`)
    return anyCell(unquoted(word))
  }
  return columnTest(column + 1, term[2], unquoted(term[3]), notes)
}

function anyCell(text) {
  const part = text.toLowerCase()
  return (row) => row.some((cell, i) => i > 0 && textOf(cell).toLowerCase().includes(part))
}

function columnTest(at, op, value, notes) {
  if (op === '=' || op === '!=') {
    const fits = cellTest(value)
    return (row) => fits(row[at]) === (op === '=')
  }
  const limit = Number(value)
  if (value === '' || Number.isNaN(limit)) {
    notes.push(`"${value}" is no number to compare with`)
    return () => true
  }
  const compare = { '<': (n) => n < limit, '<=': (n) => n <= limit, '>': (n) => n > limit, '>=': (n) => n >= limit }[op]
  return (row) => compare(numberOf(row[at]))
}

// Numbers are equal as numbers (0.50 is 0.5), text as text; * stands for any text.
function cellTest(value) {
  if (value.includes('*')) {
    const pattern = value.split('*').map((s) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    const whole = new RegExp(`^${pattern.join('.*')}$`, 's')
    return (cell) => whole.test(textOf(cell))
  }
  const number = value.trim() === '' ? NaN : Number(value)
  return (cell) => textOf(cell) === value || (typeof cell === 'number' && cell === number)
}
