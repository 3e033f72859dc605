import { kindOf, shownOf } from './cells.js'

const letter = 7.85 // px of a letter of the grid's font, 13 px mono
const padding = 17
const widest = 34 // letters that a column gets by itself
const widestBytes = 20

// fitted returns how wide a column of that name should be, in px, for these cells.
export function fitted(name, cells) {
  return px(Math.max(4, Math.min(widest, name.length + 1), ...cells.map(lettersOf)))
}

function lettersOf(cell) {
  const letters = shownOf(cell).length + 2
  const kind = kindOf(cell)
  return kind === 'peer' ? letters + 1 : Math.min(letters, kind === 'bytes' ? widestBytes : widest)
}

// numberWidth is how wide the row numbers up to end are, in px.
export const numberWidth = (end) => px(Math.max(4, end.toLocaleString('en').length))

const px = (letters) => Math.ceil(letters * letter) + padding
