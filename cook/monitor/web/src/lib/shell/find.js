// find is the nodes whose path or type has all the words of what was typed, the best first: names that begin
// with it, then names that have it, then paths and types that do. At most limit.
export function find(nodes, typed, limit = 50) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = []
  for (const node of nodes) {
    const text = `${node.path} ${node.type}`.toLowerCase()
    if (words.every((word) => text.includes(word))) found.push({ node, rank: rank(node, words[0] ?? '') })
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.node.path.length - b.node.path.length || (a.node.path < b.node.path ? -1 : 1))
    .slice(0, limit)
    .map(({ node }) => node)
}

function rank(node, word) {
  const name = node.path.slice(node.path.lastIndexOf('/') + 1).toLowerCase()
  if (name === word) return 0
  if (name.startsWith(word)) return 1
  return name.includes(word) ? 2 : 3
}
