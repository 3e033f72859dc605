// A layout in layers for islands that are too big for dagre, which takes seconds for a thousand nodes. Each
// node stands in the layer behind the last of those that it reads; in a layer, nodes stand near their
// neighbours.

const sweeps = 6

// layers places paths, of those sizes, with wires [from, to]; gap.rank is between layers and gap.node within.
// It gives {width, height, spots} as arrange's other layout does.
export function layers({ paths, wires }, sizes, gap) {
  const before = new Map(paths.map((path) => [path, []]))
  const after = new Map(paths.map((path) => [path, []]))
  for (const [from, to] of wires) {
    after.get(from).push(to)
    before.get(to).push(from)
  }
  const columns = rank(paths, before, after)
  const middle = new Map() // the height at which the middle of a node stands
  for (const column of columns) stand(column, () => 0, middle, sizes, gap.node)
  for (let n = 0; n < sweeps; n++) {
    const [walk, near] = n % 2 === 0 ? [columns, before] : [columns.toReversed(), after]
    for (const column of walk) {
      const wish = wishes(column, near, middle)
      column.sort((a, b) => wish.get(a) - wish.get(b))
      stand(column, (path) => wish.get(path), middle, sizes, gap.node)
    }
  }
  return spread(columns, middle, sizes, gap.rank)
}

// rank is the layers from left to right. A wire that closes a loop is not counted.
function rank(paths, before, after) {
  const ranks = new Map()
  const open = new Map(paths.map((path) => [path, before.get(path).length]))
  const ready = paths.filter((path) => open.get(path) === 0)
  for (let rest = new Set(paths); rest.size > 0; ) {
    const path = ready.pop() ?? rest.values().next().value
    if (!rest.delete(path)) continue
    ranks.set(path, Math.max(0, ...before.get(path).map((from) => (ranks.get(from) ?? -1) + 1)))
    for (const to of after.get(path)) {
      open.set(to, open.get(to) - 1)
      if (open.get(to) === 0) ready.push(to)
    }
  }
  const columns = []
  for (const path of paths) (columns[ranks.get(path)] ??= []).push(path)
  return columns
}

// wishes is where the nodes of a column would like to be: in the middle of their neighbours, or where they are.
function wishes(column, near, middle) {
  return new Map(
    column.map((path) => {
      const at = near.get(path).map((other) => middle.get(other))
      return [path, at.length > 0 ? at.reduce((sum, y) => sum + y, 0) / at.length : middle.get(path)]
    }),
  )
}

// stand puts a column's nodes under each other in their order, as near to their wishes as that allows. Nodes
// that push each other become a block, which stands at the mean of what its nodes wish.
function stand(column, wish, middle, sizes, gap) {
  const blocks = []
  for (const path of column) {
    const tall = sizes.get(path).height + gap
    let block = { paths: [path], tall, sum: wish(path) - tall / 2, top: wish(path) - tall / 2 }
    for (let above = blocks.at(-1); above && above.top + above.tall > block.top; above = blocks.at(-1)) {
      blocks.pop()
      const paths = above.paths.concat(block.paths)
      const sum = above.sum + block.sum - block.paths.length * above.tall
      block = { paths, tall: above.tall + block.tall, sum, top: sum / paths.length }
    }
    blocks.push(block)
  }
  for (const { paths, top } of blocks) {
    let y = top
    for (const path of paths) {
      const tall = sizes.get(path).height + gap
      middle.set(path, y + tall / 2)
      y += tall
    }
  }
}

function spread(columns, middle, sizes, gap) {
  const spots = new Map()
  let x = 0
  for (const column of columns) {
    const wide = Math.max(...column.map((path) => sizes.get(path).width))
    for (const path of column) spots.set(path, { x, y: middle.get(path) - sizes.get(path).height / 2 })
    x += wide + gap
  }
  const top = Math.min(...[...spots.values()].map(({ y }) => y))
  for (const at of spots.values()) at.y -= top
  const height = Math.max(...[...spots].map(([path, { y }]) => y + sizes.get(path).height))
  return { width: x - gap, height, spots }
}
