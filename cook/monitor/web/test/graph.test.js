// What the page shows of a graph, with the real engine and real OSC.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { checkAxe, closeBrowser, openNode, openPage, shoot } from './browser.js'
import { osc, sender, startEngine } from './engine.js'

const patch = `
nodes:
  desk:
    oscin: {port: 0}
  names:
    table: {columns: [address, name], rows: [[/left/1, house], [/left/2, front], [/right/1, grid]]}
  named:
    lookup: {by: address, absent: error}
    in: [desk, names]
  left:
    base:
      nodes:
        side:
          select: {where: address.startswith('/left/')}
          in: in1
        out1:
          'null':
          in: side
    in: named
  out:
    oscout: {address: 127.0.0.1, port: 9}
    in: left
  spare:
    select:
    in: desk
    bypass: true
`

const card = (page, path) => page.locator(`[data-card="${path}"]`)
const wire = (page, from, to) => page.locator(`path.wire[data-from="${from}"][data-to="${to}"]`)
const ids = (page) => page.locator('.svelte-flow__node').evaluateAll((nodes) => nodes.map((node) => node.dataset.id).sort())
const wires = (page) => page.locator('path.wire').evaluateAll((all) => all.map((wire) => `${wire.dataset.from} ${wire.dataset.to}`).sort())

describe('the graph', () => {
  let engine, desk
  before(async () => {
    engine = await startEngine({ patch })
    desk = await sender(await engine.port('/desk'))
  })
  after(async () => {
    desk?.close()
    await engine?.stop()
    await closeBrowser()
  })

  test('has the nodes and the wires of the patch, left to right', async (t) => {
    const page = await openPage(t, engine)
    const { nodes } = await engine.api('/api/graph')
    const want = new Set(nodes.map((node) => node.path))
    assert.deepEqual(await ids(page), [...want].sort())
    assert.deepEqual(await wires(page), nodes.flatMap(({ path, inputs, refs }) => [...inputs, ...refs].map((from) => `${from} ${path}`)).sort())
    for (const { path, inputs } of nodes) {
      for (const from of inputs.filter((from) => !from.startsWith(path + '/'))) {
        const [a, b] = [await card(page, from).boundingBox(), await card(page, path).boundingBox()]
        assert.ok(a.x + a.width < b.x, `${from} is left of ${path}`)
      }
    }
    await card(page, '/spare').getByText('bypassed').first().waitFor()
  })

  test('shows what goes through it', async (t) => {
    const page = await openPage(t, engine)
    const timer = setInterval(() => desk.send(osc('/left/1', 0.5), osc('/right/1', 0.5)), 20)
    t.after(() => clearInterval(timer))
    await card(page, '/named').locator('.rate:not(.still)').waitFor()
    await page.locator('path.wire.level2.moving[data-from="/desk"][data-to="/named"]').waitFor()
    await card(page, '/desk').getByText('1', { exact: true }).waitFor() // one peer
    assert.match(await card(page, '/named').innerText(), /ok[\s\S]*named[\s\S]*lookup[\s\S]*\d+\/s[\s\S]*[\d.]+ (ns|µs|ms)/)
  })

  test('opens and closes a network', async (t) => {
    const page = await openPage(t, engine)
    await page.getByRole('button', { name: '/left, open network: close it' }).click()
    await card(page, '/left/side').waitFor({ state: 'detached' })
    await card(page, '/left').waitFor()
    assert.equal(await wire(page, '/named', '/left').count(), 1)
    assert.equal(await wire(page, '/left', '/out').count(), 1)
    await card(page, '/left').click()
    await page.keyboard.press('Enter')
    await card(page, '/left/side').waitFor()
  })

  test('shows an error where it is, and that it is over', async (t) => {
    const page = await openPage(t, engine)
    await desk.send(osc('/nobody', 1))
    await page.locator('[data-card="/named"].error').waitFor()
    await page.getByRole('button', { name: '1 error' }).click()
    const row = page.getByRole('row', { name: /\/named/ })
    await row.getByText('"/nobody" is not in the second input').waitFor()
    await row.getByText('error', { exact: true }).waitFor()
    await shoot(page, 'error')
    await checkAxe(page, 'errors')
    await desk.send(osc('/left/1', 1))
    await row.getByText('over').waitFor()
    await page.getByRole('button', { name: '0 errors' }).waitFor()
    await page.locator('[data-card="/named"].ok').waitFor()
  })

  test('is walked with the keyboard alone', async (t) => {
    const page = await openPage(t, engine)
    await openNode(page, '/desk')
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: '/desk' }).waitFor({ state: 'detached' })
    await card(page, '/desk').focus()
    const selected = () => page.locator('[data-card][aria-pressed="true"]').getAttribute('data-card')
    await page.keyboard.press('ArrowRight')
    const right = await selected()
    assert.ok(['/named', '/spare'].includes(right), `right of /desk is ${right}`)
    await page.keyboard.press('ArrowLeft')
    assert.ok(['/desk', '/names'].includes(await selected()))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: await selected() }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await checkAxe(page, 'keys')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('finds a node by a part of its name', async (t) => {
    const page = await openPage(t, engine)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('sid')
    await page.getByRole('option', { name: '/left/side' }).waitFor()
    await checkAxe(page, 'find')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '/left/side' }).waitFor()
  })

  for (const theme of ['dark', 'light']) {
    test(`is accessible when it is ${theme}`, async (t) => {
      const page = await openPage(t, engine, { theme })
      for (const [key, name] of [['l', 'Messages'], ['f', 'Frames']]) {
        await page.keyboard.press(key)
        await page.getByRole('button', { name, pressed: true }).waitFor()
        await checkAxe(page, `the graph and ${name}, ${theme}`)
      }
    })
  }

  test('asks nobody but the engine', async (t) => {
    const page = await openPage(t, engine)
    const hosts = new Set()
    page.on('request', (request) => hosts.add(new URL(request.url()).host))
    await page.reload()
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
    assert.deepEqual([...hosts], [new URL(engine.url).host])
  })

  test('fits on a tablet', async (t) => {
    const page = await openPage(t, engine, { width: 1024, height: 768 })
    await openNode(page, '/named')
    const { wide, high } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight }))
    assert.deepEqual([wide, high], [1024, 768])
    const box = await page.getByRole('button', { name: 'Keys' }).boundingBox()
    assert.ok(box.x + box.width <= 1024, `the last button ends at ${box.x + box.width}`)
    await shoot(page, 'tablet')
  })

  test('says when the engine is away', async (t) => {
    const other = await startEngine({ patch: 'nodes:\n  a:\n    clock:\n' })
    const page = await openPage(t, other, { expected: /WebSocket|ERR_CONNECTION_REFUSED/ })
    await other.stop()
    await page.getByRole('status').filter({ hasText: 'connection lost' }).waitFor()
    await shoot(page, 'lost')
  })
})
