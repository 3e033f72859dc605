// Networks, by the paths of their nodes: '/stage/left/in1' is in the network '/stage/left', which is in
// '/stage'. A network is itself a node: its table is that of its out1.

// parent is the network that path is in; '' is the outermost.
export const parent = (path) => path.slice(0, path.lastIndexOf('/'))

export const name = (path) => path.slice(path.lastIndexOf('/') + 1)

// networks is every network, with how many nodes it has in it and in the networks in it.
export function networks(nodes) {
  const sizes = new Map()
  for (const { path } of nodes) {
    for (let at = parent(path); at !== ''; at = parent(at)) sizes.set(at, (sizes.get(at) ?? 0) + 1)
  }
  return sizes
}

// shownAs is what stands for path while only some networks are open: the outermost closed network that it is
// in, or itself.
export function shownAs(path, closed) {
  let shown = path
  for (let at = parent(path); at !== ''; at = parent(at)) if (closed.has(at)) shown = at
  return shown
}
