// Cells as the server sends them (null, booleans, numbers, strings and {t: kind, …}), and how
// they are read: on the screen, in a filter, in TSV and in a plot.

// The kind of a cell, in the words of the operator reference.
export function kindOf(cell) {
  if (cell === null || cell === undefined) return 'nil'
  if (typeof cell === 'object') return cell.t
  return { boolean: 'bool', number: 'number', string: 'string' }[typeof cell]
}

// The cell as people read it; nil is nothing, as in every text that Linecook writes.
export function textOf(cell) {
  if (cell === null || cell === undefined) return ''
  if (typeof cell !== 'object') return String(cell)
  switch (cell.t) {
    case 'bytes':
      return cell.hex
    case 'peer':
      return cell.address
    case 'list':
      return `[${cell.v.map(textOf).join(', ')}]`
  }
  return String(cell.text ?? cell.v ?? '')
}

// The cell as the grid shows it: what would be invisible gets a sign, bytes are told from text.
export function shownOf(cell) {
  switch (kindOf(cell)) {
    case 'nil':
      return 'nil'
    case 'string':
      return cell === '' ? '""' : escapeControls(cell)
    case 'symbol':
      return escapeControls(textOf(cell))
    case 'bytes':
      return spacedHex(cell.hex) + (cell.cut ? ` … ${cell.cut} bytes` : '')
    case 'list':
      return `[${cell.v.map(shownOf).join(', ')}]`
  }
  return textOf(cell)
}

// What the kind and the size of a cell are, in words, for the line below the grid.
export function describe(cell) {
  const kind = kindOf(cell)
  switch (kind) {
    case 'string':
    case 'symbol': {
      const length = [...textOf(cell)].length
      return `${kind}, ${length.toLocaleString('en')} character${length === 1 ? '' : 's'}`
    }
    case 'bytes': {
      const length = cell.cut ?? cell.hex.length / 2
      return `${length} byte${length === 1 ? '' : 's'}${cell.cut ? ', cut' : ''}`
    }
    case 'list':
      return `list of ${cell.v.length}`
    case 'peer':
      return `peer ${cell.id}`
  }
  return kind
}

// The cell as a number for plots and comparisons; NaN if it is none.
export function numberOf(cell) {
  switch (typeof cell) {
    case 'number':
      return cell
    case 'boolean':
      return cell ? 1 : 0
    case 'string':
      return cell.trim() === '' ? NaN : Number(cell)
  }
  return cell === null || cell === undefined || cell.t === 'bytes' ? NaN : Number(cell.v ?? NaN)
}

// Whether the cell is a number by its kind, not text that looks like one.
export function isNumber(cell) {
  const kind = kindOf(cell)
  return ['number', 'int64', 'float32', 'float', 'bool'].includes(kind)
}

// fromJSON returns the cell that package table wrote as JSON, as in the sample of a failure.
export function fromJSON(value) {
  if (Array.isArray(value)) return { t: 'list', v: value.map(fromJSON) }
  if (value === null || typeof value !== 'object') return value
  const [[name, v]] = Object.entries(value)
  switch (name) {
    case 'bytes':
      return { t: 'bytes', hex: Array.from(atob(v), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('') }
    case 'infinitum':
      return { t: 'inf', text: name }
    case 'rgba':
      return { t: 'colour', text: v }
  }
  return { t: name, text: v }
}

// Control characters as their pictures (U+2400), so that a line break in a cell is seen.
export function escapeControls(text) {
  return text.replace(/[\u0000-\u001f\u007f]/g, (c) => (c === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + c.charCodeAt(0))))
}

export function spacedHex(hex) {
  return hex.replace(/(..)(?=.)/g, '$1 ')
}

// Rows as TSV with a line of column names, as the operator fileout writes it: a cell with a tab, a
// quote or a line break is quoted.
export function toTSV(columns, rows) {
  const quote = (s) => (/[\t\n\r"]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s)
  const line = (texts) => texts.map(quote).join('\t')
  return [line(columns), ...rows.map((row) => line(columns.map((_, i) => textOf(row[i + 1]))))].join('\n') + '\n'
}
