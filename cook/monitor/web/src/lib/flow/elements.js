// What Svelte Flow is given: nodes whose sizes are said. The wires are drawn by Wires.svelte.

function node({ path, x, y, width, height }, type, zIndex) {
  return {
    id: path,
    type,
    zIndex,
    position: { x, y },
    width,
    height,
    measured: { width, height },
    data: {},
    domAttributes: { 'aria-roledescription': undefined },
  }
}

// nodesOf is the nodes of what arrange gave: cards over boxes, inner boxes over outer ones. Those that stand
// where they stood in before stay the same objects, and are not drawn again.
export function nodesOf({ cards, boxes }, closed, before) {
  const known = new Map(before.map((old) => [old.id, old]))
  const made = [
    ...boxes.map((place, i) => node(place, 'box', i)),
    ...cards.map((place) => node(place, closed.has(place.path) ? 'network' : 'card', boxes.length)),
  ]
  return made.map((now) => {
    const old = known.get(now.id)
    return old && same(old, now) ? old : now
  })
}

function same(a, b) {
  return (
    a.type === b.type && a.zIndex === b.zIndex && a.width === b.width && a.height === b.height &&
    a.position.x === b.position.x && a.position.y === b.position.y
  )
}
