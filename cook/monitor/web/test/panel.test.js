// The panel of a node, against a real engine that is fed by real OSC.

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { bundle, osc, sender, startEngine } from './engine.js'
import { checkAxe, closeBrowser, openNode, openPage, shoot } from './browser.js'

const patch = `
nodes:
  desk:
    oscin: {port: 0, maxlines: 1000, typetag: on, bytes: on, peer: on}
  tuned:
    oscin: {port: 0}
  many:
    oscin: {port: 0, maxlines: 200000}
  lines:
    tcpip: {port: 0, mode: server}
  judged:
    eval: {expr: [louder = arg1 + 0.1]}
    in: desk
  state:
    latest: {by: address}
    in: desk
  last:
    limit: {maxlines: "=op('knobs')[0, 'gain']"}
    in: desk
  knobs:
    table: {columns: [gain], rows: [[5], [8]]}
  wide:
    transpose: {}
    in: desk
`

let engine, desk, many

before(async () => {
  engine = await startEngine({ patch, write: true })
  desk = await sender(await engine.port('/desk'))
  many = await sender(await engine.port('/many'))
})

after(async () => {
  desk.close()
  many.close()
  await closeBrowser()
  await engine.stop()
})

const grid = (page) => page.getByRole('grid')
const rows = (page) => grid(page).locator('[role=row][data-row]')
const tab = (page, name) => page.locator(`#tab-${name}`)
const showTab = (page, name) => tab(page, name).click()
const status = (page) => page.locator('[role=tabpanel] footer')

// until asks again until the answer fits.
async function until(ask, fits, what) {
  for (const end = Date.now() + 10_000; ; ) {
    const answer = await ask()
    if (fits(answer)) return answer
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(answer)}`)
  }
}

test('the table follows, is paused, filtered and copied', async (t) => {
  const page = await openPage(t, engine)
  await openNode(page, '/desk')
  await desk.send(...Array.from({ length: 60 }, (_, i) => osc(`/fader/${i % 4}`, i / 100, i % 10 === 0 ? 'tab\there' : 'plain')))
  const last = rows(page).last()
  await last.getByText('/fader/3').waitFor()
  assert.equal(await last.getAttribute('data-row'), '59')
  await desk.send(osc('/go', 0.75))
  await rows(page).last().getByText('/go').waitFor()
  assert.match(await rows(page).last().innerText(), /nil/, 'the cell that it lacks')

  await grid(page).press('Space')
  await page.getByRole('button', { name: 'Follow' }).waitFor()
  await desk.send(osc('/late', 1))
  await status(page).getByText('1 newer').waitFor()
  assert.equal(await rows(page).last().getAttribute('data-row'), '60', 'it stays where it was')
  await grid(page).press('End')
  await rows(page).last().getByText('/late').waitFor()

  await page.getByRole('searchbox', { name: 'Filter' }).fill('address=/fader/2 arg1>=0.5')
  await status(page).getByText(/^3 of 62 rows fit/).waitFor()
  assert.deepEqual(await rows(page).evaluateAll((all) => all.map((row) => Number(row.dataset.row))), [50, 54, 58])
  await desk.send(osc('/fader/2', 0.9), osc('/fader/3', 0.9))
  await status(page).getByText('4 of 64 rows fit').waitFor()
  await page.getByRole('searchbox', { name: 'Filter' }).fill('adress=/x')
  await page.getByText('no column "adress"').waitFor()
  await page.getByRole('searchbox', { name: 'Filter' }).press('Escape')

  await rows(page).filter({ hasText: '/late' }).getByRole('gridcell').first().click()
  await grid(page).press('Shift+ArrowUp')
  await grid(page).press('Control+c')
  await page.getByText('2 rows copied').waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const lines = copied.slice(0, -1).split('\n').map((line) => line.split('\t'))
  assert.deepEqual(lines[0], ['address', 'types', 'peer', 'bytes', 'arg1', 'arg2'])
  const from = `127.0.0.1:${desk.port}`
  assert.deepEqual(lines.slice(1), [['/go', 'f', from, osc('/go', 0.75).toString('hex'), '0.75', ''], ['/late', 'i', from, osc('/late', 1).toString('hex'), '1', '']])
  await page.getByText('row 60').waitFor()
  await shoot(page, 'panel-table')
  await checkAxe(page, 'Table', 'aside')
})

test('100,000 rows scroll', async (t) => {
  const page = await openPage(t, engine)
  await openNode(page, '/many')
  const packets = Array.from({ length: 1000 }, (_, k) => bundle(...Array.from({ length: 100 }, (_, i) => osc('/n', k * 100 + i))))
  const rowsThere = async () => (await engine.api('/api/node?path=/many')).rows
  for (let k = 0; k < packets.length; k += 50) {
    await many.send(...packets.slice(k, k + 50))
    await until(rowsThere, (n) => n >= (k + 50) * 100, 'rows of /many')
  }
  await page.getByText('100,000 rows').waitFor()
  assert.equal(await grid(page).getAttribute('aria-rowcount'), '100001')
  await grid(page).press('Home')
  const first = grid(page).locator('[data-row="0"]')
  await first.getByText('/n').waitFor()
  assert.match(await first.innerText(), /^0\s+\/n\s+0$/)
  await grid(page).evaluate((el) => (el.scrollTop = el.scrollHeight / 2))
  const middle = grid(page).locator('[data-row="50000"]')
  await middle.getByText('/n').waitFor()
  assert.match(await middle.innerText(), /^50000\s+\/n\s+50000$/)
  assert.ok((await rows(page).count()) < 100, 'only the rows in sight are in the page')
  for (const _ of [1, 2, 3]) await grid(page).press('PageDown')
  await until(() => rows(page).evaluateAll((all) => all.every((row) => row.innerText.includes('/n'))), Boolean, 'all rows in sight are there')
  await page.getByRole('searchbox', { name: 'Filter' }).fill('arg1=77777')
  await status(page).getByText('1 of 100,000 rows fit').waitFor()
  await shoot(page, 'panel-many')
})

test('a table out of which rows are removed has no holes', async (t) => {
  const page = await openPage(t, engine)
  await openNode(page, '/state')
  await desk.send(osc('/a', 1), osc('/b', 1), osc('/a', 2))
  await until(() => rows(page).filter({ hasText: /\/a/ }).allInnerTexts(), (all) => all.length === 1 && /\s2\s/.test(all[0]), 'the row of /a')
  assert.equal(await page.getByText('removed', { exact: true }).count(), 0)
})

test('a table of very many columns', async (t) => {
  const page = await openPage(t, engine)
  await desk.send(...Array.from({ length: 300 }, (_, i) => osc('/wide', i)))
  await openNode(page, '/wide')
  await until(() => grid(page).getAttribute('aria-colcount'), (n) => Number(n) > 300, 'columns')
  await rows(page).first().waitFor()
  assert.ok((await page.getByRole('gridcell').count()) < 500, 'only the cells in sight are in the page')
  await until(() => grid(page).evaluate((el) => {
    el.scrollLeft = el.scrollWidth
    return el.querySelector(`[role=columnheader][aria-colindex="${el.getAttribute('aria-colcount')}"]`) !== null
  }), Boolean, 'the last column')
  await rows(page).filter({ hasText: '299' }).first().waitFor()
  await shoot(page, 'panel-columns')
})

test('raw bytes stand beside the cells', async (t) => {
  const page = await openPage(t, engine)
  await openNode(page, '/desk')
  await showTab(page, 'raw')
  await page.getByText('Nothing arrived since').waitFor()
  const message = osc('/fader/1', 0.5, 7, 'go')
  await until(async () => {
    await desk.send(message)
    return rows(page).count()
  }, (n) => n > 0, 'events')
  const dump = page.getByLabel('Its bytes')
  await dump.waitFor()
  const bytes = await dump.locator('.bytes').allInnerTexts()
  assert.equal(bytes.join('').replace(/\s/g, ''), message.toString('hex'))
  const decoded = page.getByRole('table', { name: /^Row/ }).first()
  await decoded.waitFor()
  const cells = new Map((await decoded.innerText()).split('\n').map((line) => [line.split('\t')[0], line.split('\t').slice(1).join(' ')]))
  assert.deepEqual(['address', 'arg1', 'arg2', 'arg3'].map((name) => cells.get(name)), ['string /fader/1', 'number 0.5', 'number 7', 'string go'])
  await rows(page).last().getByText(`127.0.0.1:${desk.port}`).waitFor()

  await desk.send(Buffer.from('/bad\0\0\0\0,x\0\0'))
  await rows(page).filter({ hasText: 'error: osc' }).first().waitFor()
  await shoot(page, 'panel-raw')
  await checkAxe(page, 'Raw', 'aside')
})

test('a peer is closed', async (t) => {
  const page = await openPage(t, engine)
  const socket = connect(await engine.port('/lines'), '127.0.0.1')
  let ended = false
  socket.on('close', () => (ended = true))
  socket.on('error', () => {})
  socket.write('hello\n')
  await openNode(page, '/lines')
  await showTab(page, 'peers')
  const close = page.getByRole('button', { name: `Close 127.0.0.1:${socket.localPort}` })
  await close.waitFor()
  await checkAxe(page, 'Peers', 'aside')
  await shoot(page, 'panel-peers')
  await close.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close it' }).click()
  await until(() => ended, Boolean, 'the end of the connection')
  await page.getByText('No peer').waitFor()
})

test('a parameter is changed and takes effect', async (t) => {
  const page = await openPage(t, engine, { expected: /status of 400|status of 422/ })
  await openNode(page, '/tuned')
  await showTab(page, 'params')
  const field = page.getByRole('textbox', { name: 'maxlines' })
  await field.fill('many')
  await field.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'maxlines' }).waitFor()
  await shoot(page, 'panel-parameters')
  await checkAxe(page, 'Parameters', 'aside')
  await field.press('Escape')
  await field.fill('20')
  await field.press('Enter')
  await until(() => engine.api('/api/node?path=/tuned'), (node) => node.params.find((p) => p.name === 'maxlines').value === '20', 'maxlines')
  const tuned = await sender(await engine.port('/tuned'))
  await tuned.send(...Array.from({ length: 30 }, (_, i) => osc('/x', i)))
  await until(() => engine.api('/api/node?path=/tuned'), (node) => node.rows === 20, 'rows with maxlines 20')
  tuned.close()
  await page.getByRole('button', { name: 'clear' }).click()
  await until(() => engine.api('/api/node?path=/tuned'), (node) => node.rows === 0, 'rows after clear')
  await page.getByRole('button', { name: 'maxlines back to the default' }).click()
  await until(() => engine.api('/api/node?path=/tuned'), (node) => node.params.find((p) => p.name === 'maxlines').value === '1000', 'maxlines')
  await page.getByRole('switch', { name: 'Bypass' }).click()
  await page.getByRole('switch', { name: 'Bypass', checked: true }).click()
  await page.getByRole('switch', { name: 'Bypass', checked: false }).waitFor()
})

test('a computed parameter shows its expression, and has another', async (t) => {
  const page = await openPage(t, engine)
  await openNode(page, '/last')
  await showTab(page, 'params')
  const field = page.getByRole('textbox', { name: 'maxlines' })
  assert.equal(await field.inputValue(), "=op('knobs')[0, 'gain']")
  await page.getByTitle('Its value now').getByText('5').waitFor()
  await field.fill("=op('knobs')[1, 'gain']")
  await field.press('Enter')
  await page.getByTitle('Its value now').getByText('8').waitFor()
  await field.fill('9')
  await field.press('Enter')
  await page.getByTitle('Its value now').waitFor({ state: 'detached' })
  assert.equal(await field.inputValue(), '9')
})

test('an error shows the row that failed, and is over', async (t) => {
  const page = await openPage(t, engine)
  await openNode(page, '/judged')
  await showTab(page, 'table')
  await desk.send(osc('/fader/9', 'loud'))
  await showTab(page, 'errors')
  const fault = page.getByRole('region', { name: /errors$/ })
  await fault.getByText('1 time').waitFor()
  const sample = page.getByRole('table', { name: 'The row that failed' })
  const cells = (await sample.innerText()).split('\n').map((line) => line.split('\t'))
  assert.deepEqual(cells.filter(([name]) => name === 'address' || name === 'arg1'), [['address', '/fader/9'], ['arg1', 'loud']])
  await shoot(page, 'panel-errors')
  await checkAxe(page, 'Errors', 'aside')
  await showTab(page, 'table')
  await desk.send(osc('/fader/9', 0.6))
  await showTab(page, 'errors')
  await fault.getByText('over').waitFor()
})

test('statistics and plots are drawn', async (t) => {
  const page = await openPage(t, engine, { expected: /Multiple readback operations/ }) // coloursOf reads canvases
  await openNode(page, '/desk')
  await showTab(page, 'plot')
  const canvas = page.locator('[role=tabpanel] canvas')
  let sent = 0
  const drawn = await until(async () => {
    for (let i = 0; i < 10; i++, sent++) await desk.send(osc('/fader/1', Math.sin(sent / 20)), osc('/fader/2', Math.cos(sent / 20)))
    return canvas.count() && page.locator('[role=tabpanel] figure li').count()
  }, (lines) => lines >= 2, 'lines of the plot')
  assert.ok(drawn >= 2)
  await page.getByRole('button', { name: /^\/fader\/1/ }).waitFor()
  const colours = await until(() => coloursOf(canvas.first()), (n) => n > 2, 'colours of the plot')
  assert.ok(colours > 2, 'the lines are on the canvas')
  await page.getByRole('combobox', { name: 'last' }).selectOption('500 rows')
  await until(() => coloursOf(canvas.first()), (n) => n > 2, 'colours of the plot over rows')
  await page.getByRole('button', { name: 'Pause' }).click()
  await shoot(page, 'panel-plot')
  await checkAxe(page, 'Plot', 'aside')

  await showTab(page, 'stats')
  await until(async () => {
    await desk.send(osc('/fader/1', 0.1))
    return page.locator('[role=tabpanel] canvas').evaluateAll((all) => all.length)
  }, (n) => n === 3, 'charts')
  await page.getByText('messages received').waitFor()
  await until(() => coloursOf(page.locator('[role=tabpanel] canvas').first()), (n) => n > 1, 'colours of the statistics')
  await shoot(page, 'panel-statistics')
  await checkAxe(page, 'Statistics', 'aside')
})

// coloursOf returns how many saturated colours a canvas has: lines are coloured, axes are grey.
function coloursOf(canvas) {
  return canvas.evaluate((el) => {
    const { data } = el.getContext('2d').getImageData(0, 0, el.width, el.height)
    const found = new Set()
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b, a] = data.subarray(i, i + 4)
      if (a > 200 && Math.max(r, g, b) - Math.min(r, g, b) > 60) found.add(`${r >> 5},${g >> 5},${b >> 5}`)
    }
    return found.size
  })
}

test('what a sender sends is only text', async (t) => {
  const page = await openPage(t, engine, { width: 2400 })
  page.on('dialog', () => assert.fail('a script of the sender ran'))
  await openNode(page, '/desk')
  const script = '<img src=x onerror=alert(1)>'
  const long = 'x'.repeat(5000)
  await desk.send(osc(`/${script}`, script, long, '\u202e\n\t\0', -1))
  await rows(page).last().getByText(`/${script}`).waitFor()
  await rows(page).last().getByText(script, { exact: true }).click()
  await page.getByLabel('Its text').getByText(script).waitFor()
  await rows(page).last().getByText('xxxx').click()
  await page.getByText('string, 4,097 characters').waitFor()
  assert.equal(await page.locator('img').count(), 0)
  for (const name of ['raw', 'plot']) {
    await showTab(page, name)
    await until(async () => {
      await desk.send(osc(`/${script}`, 1, script))
      return page.locator('[role=tabpanel]').getByText(script).count()
    }, (n) => n > 0, `the text in ${name}`)
  }
  assert.equal(await page.locator('img').count(), 0)
})

test('the keyboard does it all, in the light and on a small screen', async (t) => {
  const page = await openPage(t, engine, { theme: 'light', width: 1024, height: 768 })
  await openNode(page, '/desk')
  await page.keyboard.press('2')
  await page.getByRole('tab', { name: 'Raw', selected: true }).waitFor()
  await page.keyboard.press('1')
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'grid')
  await desk.send(osc('/key', 1))
  await rows(page).last().getByText('/key').waitFor()
  await page.keyboard.press('ArrowUp')
  const active = await grid(page).getAttribute('aria-activedescendant')
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('role'), 'gridcell')
  const width = async () => (await page.locator('aside').boundingBox()).width
  const narrow = await width()
  await page.keyboard.press('w')
  assert.ok((await width()) > 1.5 * narrow, 'w makes it wider')
  await shoot(page, 'panel-light-wide')
  await page.keyboard.press('w')
  for (const [i, name] of ['table', 'raw', 'peers', 'params', 'errors', 'stats', 'plot'].entries()) {
    await page.locator('body').press(String(i + 1))
    await page.locator(`#tab-${name}[aria-selected=true]`).waitFor()
    await shoot(page, `panel-light-${name}`)
    await checkAxe(page, `${name}, light`, 'aside')
  }
})
