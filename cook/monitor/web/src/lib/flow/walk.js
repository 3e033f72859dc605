// step is where an arrow key leads from the node at path: left and right along the wires, to the end nearest
// in height; up and down to the nearest card above or below. It is path itself where there is nothing.
export function step(arranged, path, key) {
  const places = new Map([...arranged.cards, ...arranged.boxes].map((at) => [at.path, at]))
  const here = places.get(path)
  if (!here) return path
  const wired = { ArrowRight: ['from', 'to'], ArrowLeft: ['to', 'from'] }[key]
  const reached = wired
    ? arranged.wires.filter((wire) => wire[wired[0]] === path).map((wire) => places.get(wire[wired[1]]))
    : arranged.cards.filter((card) => (key === 'ArrowDown' ? card.y > here.y : card.y < here.y))
  const distance = wired
    ? (card) => Math.abs(card.y - here.y)
    : (card) => Math.abs(card.y - here.y) + 3 * Math.abs(card.x - here.x)
  return reached.reduce((best, card) => (best && distance(best) <= distance(card) ? best : card), null)?.path ?? path
}
