// Where everything stands: left to right along the wires. Each open network is laid out by itself, and is
// then one big box in the network around it. What hangs together is laid out by dagre; such islands are then
// packed in rows, so that a thousand small ones do not make one column. In big graphs, where dagre
// would take seconds, layers.js lays islands out.

import dagre from '@dagrejs/dagre'
import { layers } from './layers.js'
import { parent, shownAs } from './tree.js'

export const card = { width: 184, height: 80 }
const gap = { rank: 44, node: 16, island: 40, head: 40, rim: 18 }
const wide = 16 / 9
const natural = new Intl.Collator('en', { numeric: true }) // desk2 before desk10
const careful = 120 // nodes that dagre lays out in 0.1 s, or so

// arrange places nodes ({path, inputs, refs}) while the networks in closed are closed. It gives cards (a node,
// or a closed network) and boxes (open networks, outer ones first) as {path, x, y, width, height} from the
// upper left corner, and wires as {from, to, ref}.
export function arrange(nodes, closed) {
  const shown = [...new Set(nodes.map((node) => shownAs(node.path, closed)))]
  const wires = wire(nodes, closed)
  const members = group(shown)
  const { width, height, places } = place('', members, wires, shown.length <= careful ? layout : layers)
  const cards = places.filter((at) => !at.box)
  const boxes = places.filter((at) => at.box).sort((a, b) => a.path.length - b.path.length)
  return { cards, boxes, wires, width, height }
}

// wire is the wires between what is shown, each once; ref says that none of them is an input.
function wire(nodes, closed) {
  const paths = new Set(nodes.map((node) => node.path))
  const wires = new Map()
  const add = (from, to, ref) => {
    if (!paths.has(from)) return
    const [a, b] = [shownAs(from, closed), shownAs(to, closed)]
    if (a === b) return
    const known = wires.get(`${a}>${b}`)
    if (known) known.ref &&= ref
    else wires.set(`${a}>${b}`, { from: a, to: b, ref })
  }
  for (const { path, inputs = [], refs = [] } of nodes) {
    for (const from of inputs) add(from, path, false)
    for (const from of refs) add(from, path, true)
  }
  return [...wires.values()]
}

// group is what is directly in each open network: its cards, and the open networks in it.
function group(shown) {
  const members = new Map([['', new Set()]])
  for (const path of shown) {
    let [inner, at] = [path, parent(path)]
    for (;;) {
      if (!members.has(at)) members.set(at, new Set())
      members.get(at).add(inner)
      if (at === '') break
      ;[inner, at] = [at, parent(at)]
    }
  }
  return members
}

// place lays out the network at, and the open networks in it, by layout; places count from its upper left corner.
function place(at, members, wires, layout) {
  const inside = new Map()
  const sizes = new Map()
  for (const path of members.get(at)) {
    if (!members.has(path)) {
      sizes.set(path, card)
      continue
    }
    const inner = place(path, members, wires, layout)
    inside.set(path, inner)
    sizes.set(path, { width: inner.width + 2 * gap.rim, height: inner.height + gap.head + gap.rim })
  }
  const { width, height, spots } = pack(islands(sizes, lift(at, sizes, wires), layout))
  const places = []
  for (const [path, { x, y }] of spots) {
    places.push({ path, x, y, ...sizes.get(path), box: inside.has(path) })
    for (const spot of inside.get(path)?.places ?? []) {
      places.push({ ...spot, x: spot.x + x + gap.rim, y: spot.y + y + gap.head })
    }
  }
  return { width, height, places }
}

// lift is the wires between members of the network at, or between what is in them.
function lift(at, sizes, wires) {
  const member = (path) => {
    while (path !== '' && !sizes.has(path)) path = parent(path)
    return path
  }
  const lifted = []
  for (const { from, to } of wires) {
    if (at !== '' && !(from.startsWith(at + '/') && to.startsWith(at + '/'))) continue
    const [a, b] = [member(from), member(to)]
    if (a !== '' && b !== '' && a !== b) lifted.push([a, b])
  }
  return lifted
}

// islands lays out each set of members that hangs together.
function islands(sizes, lifted, layout) {
  const root = new Map([...sizes.keys()].map((path) => [path, path]))
  const find = (path) => {
    while (root.get(path) !== path) {
      root.set(path, root.get(root.get(path)))
      path = root.get(path)
    }
    return path
  }
  for (const [a, b] of lifted) root.set(find(a), find(b))
  const sets = new Map()
  for (const path of sizes.keys()) {
    const at = find(path)
    if (!sets.has(at)) sets.set(at, { paths: [], wires: [] })
    sets.get(at).paths.push(path)
  }
  for (const wire of lifted) sets.get(find(wire[0])).wires.push(wire)
  return [...sets.values()].map((set) => {
    const [alone] = set.paths
    return set.paths.length > 1 ? layout(set, sizes, gap) : { ...sizes.get(alone), spots: new Map([[alone, { x: 0, y: 0 }]]) }
  })
}

function layout({ paths, wires }, sizes) {
  const g = new dagre.graphlib.Graph()
  g.setGraph({ rankdir: 'LR', ranksep: gap.rank, nodesep: gap.node })
  g.setDefaultEdgeLabel(() => ({}))
  for (const path of paths) g.setNode(path, { ...sizes.get(path) })
  for (const [from, to] of wires) g.setEdge(from, to)
  dagre.layout(g)
  const { width, height } = g.graph()
  const spots = new Map()
  for (const path of paths) {
    const at = g.node(path)
    spots.set(path, { x: at.x - at.width / 2, y: at.y - at.height / 2 })
  }
  return { width, height, spots }
}

// pack puts islands in rows, the biggest first, about as wide as a screen is.
function pack(all) {
  const title = new Map(all.map((island) => [island, island.spots.keys().next().value]))
  all.sort((a, b) => b.spots.size - a.spots.size || natural.compare(title.get(a), title.get(b)))
  const area = all.reduce((sum, { width, height }) => sum + (width + gap.island) * (height + gap.island), 0)
  const limit = Math.max(Math.sqrt(area * wide), ...all.map(({ width }) => width))
  const spots = new Map()
  let [x, y, row, width] = [0, 0, 0, 0]
  for (const island of all) {
    if (x > 0 && x + island.width > limit) [x, y, row] = [0, y + row + gap.island, 0]
    for (const [path, at] of island.spots) spots.set(path, { x: at.x + x, y: at.y + y })
    width = Math.max(width, x + island.width)
    row = Math.max(row, island.height)
    x += island.width + gap.island
  }
  return { width, height: y + row, spots }
}
