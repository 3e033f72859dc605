// Laws of the layout, without a browser.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrange } from '../src/lib/flow/arrange.js'
import { networks } from '../src/lib/flow/tree.js'
import { step } from '../src/lib/flow/walk.js'

const node = (path, ...inputs) => ({ path, inputs, refs: [] })

// fan has one node that n chains of four read; mesh has n nodes that each read two of the twenty before it.
function fan(n) {
  const chains = Array.from({ length: n }, (_, i) => [node(`/a${i}`, '/desk'), node(`/b${i}`, `/a${i}`), node(`/c${i}`, `/b${i}`)])
  return [node('/desk'), ...chains.flat()]
}
const mesh = (n) => Array.from({ length: n }, (_, i) => (i < 20 ? node(`/n${i}`) : node(`/n${i}`, `/n${i - 1 - ((i * 7) % 19)}`, `/n${i - 1 - ((i * 13) % 17)}`)))

const nested = [
  node('/desk'),
  node('/stage/left/in1', '/desk'),
  node('/stage/left/out1', '/stage/left/in1'),
  node('/stage/left', '/stage/left/out1'),
  node('/stage/mix', '/stage/left'),
  node('/stage', '/stage/mix'),
  node('/out', '/stage'),
]

function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

for (const [name, nodes] of [['a fan of 30', fan(30)], ['a fan of 1,000', fan(333)], ['a mesh of 1,000', mesh(1000)], ['islands', Array.from({ length: 200 }, (_, i) => [node(`/a${i}`), node(`/b${i}`, `/a${i}`)]).flat()]]) {
  test(`${name}: wires go to the right, and no card covers another`, () => {
    const { cards, wires, width, height } = arrange(nodes, new Set())
    const at = new Map(cards.map((card) => [card.path, card]))
    assert.deepEqual([...at.keys()].sort(), nodes.map(({ path }) => path).sort())
    for (const { from, to } of wires) assert.ok(at.get(from).x + at.get(from).width < at.get(to).x, `${from} is left of ${to}`)
    for (const a of cards) {
      assert.ok(a.x >= -1 && a.y >= -1 && a.x + a.width <= width + 1 && a.y + a.height <= height + 1, `${a.path} is inside`)
      for (const b of cards) assert.ok(a === b || !overlap(a, b), `${a.path} and ${b.path}`)
    }
  })
}

test('a loop is laid out', () => {
  const loop = Array.from({ length: 200 }, (_, i) => node(`/n${i}`, `/n${(i + 199) % 200}`))
  assert.equal(arrange(loop, new Set()).cards.length, 200)
})

test('an open network holds what is in it', () => {
  const { cards, boxes } = arrange(nested, new Set())
  assert.deepEqual(boxes.map(({ path }) => path), ['/stage', '/stage/left'])
  for (const box of boxes) {
    for (const { path, ...at } of [...cards, ...boxes]) {
      if (path === box.path) continue
      const inside = at.x > box.x && at.y > box.y && at.x + at.width < box.x + box.width && at.y + at.height < box.y + box.height
      assert.equal(inside, path.startsWith(box.path + '/'), `${path} in ${box.path}`)
    }
  }
})

test('a closed network is one card, with the wires of what is in it', () => {
  assert.deepEqual([...networks(nested)], [['/stage/left', 2], ['/stage', 4]])
  const { cards, boxes, wires } = arrange(nested, new Set(['/stage']))
  assert.deepEqual(cards.map(({ path }) => path).sort(), ['/desk', '/out', '/stage'])
  assert.deepEqual(boxes, [])
  assert.deepEqual(wires, [{ from: '/desk', to: '/stage', ref: false }, { from: '/stage', to: '/out', ref: false }])
})

test('arrow keys follow the wires', () => {
  const arranged = arrange(fan(2), new Set())
  const walk = (...keys) => keys.reduce((path, key) => step(arranged, path, `Arrow${key}`), '/desk')
  assert.match(walk('Right', 'Right', 'Right'), /^\/c[01]$/)
  assert.equal(walk('Right', 'Right', 'Left', 'Left'), '/desk')
  assert.notEqual(walk('Right', 'Up', 'Up'), walk('Right', 'Down', 'Down'))
  assert.equal(walk('Left'), '/desk')
})
