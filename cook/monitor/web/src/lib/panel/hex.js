// The lines of a hex dump, of so many bytes each: {at, bytes, text}, where text has a dot for what is not
// printable ASCII.
export function hexLines(hex, each = 16) {
  const lines = []
  for (let at = 0; at * 2 < hex.length; at += each) {
    const bytes = hex.slice(at * 2, (at + each) * 2).match(/../g) ?? []
    lines.push({
      at: at.toString(16).padStart(4, '0'),
      bytes: `${bytes.slice(0, 8).join(' ')}  ${bytes.slice(8).join(' ')}`.trimEnd(),
      text: bytes.map(printable).join(''),
    })
  }
  return lines
}

function printable(byte) {
  const code = parseInt(byte, 16)
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.'
}
