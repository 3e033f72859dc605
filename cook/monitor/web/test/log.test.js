// The messages and the frames of the page, with the real engine and real OSC.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { closeBrowser, openNode, openPage, shoot } from './browser.js'
import { osc, sender, startEngine } from './engine.js'

const patch = `
nodes:
  desk:
    oscin: {port: 0}
    callbacks: |
      def onReceiveOSC(dat, rowIndex, message, bytes, timeStamp, address, args, peer):
          if address.startswith('/ask/'):
              peer.sendOSC('/answer', args)
  sensors:
    udpin: {port: 0, format: perline}
  out:
    select:
    in: sensors
`

describe('messages', () => {
  let engine, desk, sensors
  before(async () => {
    engine = await startEngine({ patch })
    desk = await sender(await engine.port('/desk'))
    sensors = await sender(await engine.port('/sensors'))
  })
  after(async () => {
    desk?.close()
    sensors?.close()
    await engine?.stop()
    await closeBrowser()
  })

  // open shows the messages, and returns their rows.
  async function open(page) {
    await page.keyboard.press('l')
    const list = page.getByRole('region', { name: 'Messages', exact: true })
    await list.getByText('Nothing has come').waitFor()
    return list.locator('.row')
  }

  // until sends and looks until seen() holds: a filter is said to the engine while messages go on.
  async function until(send, row) {
    const timer = setInterval(send, 50)
    try {
      await row.first().waitFor()
    } finally {
      clearInterval(timer)
    }
  }

  test('come in and go out', async (t) => {
    const page = await openPage(t, engine)
    const rows = await open(page)
    await until(() => desk.send(osc('/ask/7', 0.25, 'go')), rows.filter({ hasText: '/answer' }))
    const row = rows.filter({ hasText: '/ask/7' }).first()
    await row.getByText(`127.0.0.1:${desk.port}`).waitFor()
    assert.match(await row.innerText(), /\/desk[\s\S]*\/ask\/7[\s\S]*0\.25[\s\S]*go/)
    await shoot(page, 'messages')
    await row.getByRole('button', { name: /show the bytes/ }).click()
    await row.getByText(/^2f61736b2f37/).waitFor()
  })

  test('are filtered by node, peer and address', async (t) => {
    const page = await openPage(t, engine)
    const rows = await open(page)
    const send = () => Promise.all([desk.send(osc('/a/1', 1), osc('/b/1', 1)), sensors.send(Buffer.from('temp 20\n'))])
    const only = async (label, pattern, seen, unseen) => {
      const field = page.getByLabel(`Only of ${label} like`)
      await field.fill(pattern)
      await until(send, rows.filter({ hasText: seen }))
      assert.equal(await rows.filter({ hasText: unseen }).count(), 0, `${pattern} lets ${unseen} through`)
      await field.fill('')
    }
    await only('addresses', '/a/*', '/a/1', '/b/1')
    await only('nodes', '/sens*', 'temp 20', '/desk')
    await only('peers', `*127.0.0.1:${sensors.port}`, 'temp 20', '/desk')
  })

  test('wait while it is paused', async (t) => {
    const page = await openPage(t, engine)
    const rows = await open(page)
    await until(() => desk.send(osc('/before', 1)), rows)
    await page.getByRole('button', { name: 'Pause' }).click()
    const timer = setInterval(() => desk.send(osc('/during', 1)), 50)
    t.after(() => clearInterval(timer))
    await page.getByRole('status').filter({ hasText: /paused, \d+ since/ }).waitFor()
    assert.equal(await rows.filter({ hasText: '/during' }).count(), 0)
    await page.getByRole('button', { name: 'Go on' }).click()
    await rows.filter({ hasText: '/during' }).first().waitFor()
  })

  test('from a hostile peer are text', async (t) => {
    const page = await openPage(t, engine)
    const rows = await open(page)
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>'
    await until(() => desk.send(osc('/<b>x', evil)), rows.filter({ hasText: 'onerror' }))
    assert.equal(await page.locator('.log img, .log b, .log script').count(), 0)
  })

  test('the frames tell what cooked, and why', async (t) => {
    const page = await openPage(t, engine)
    await page.keyboard.press('f')
    await openNode(page, '/desk')
    const cooks = page.getByRole('region', { name: 'What cooked in the frame' })
    const row = cooks.getByRole('row', { name: /\/desk/ })
    await until(() => desk.send(osc('/a', 1)), row)
    await page.getByRole('status').filter({ hasText: /\/desk is wanted.*cooked last in frame \d+/ }).waitFor()
    const slider = page.getByRole('slider', { name: 'Frame' })
    await slider.focus()
    await page.keyboard.press('ArrowLeft')
    await page.getByRole('button', { name: 'Go on' }).waitFor()
    const frame = await slider.getAttribute('aria-valuenow')
    await page.keyboard.press('ArrowLeft')
    assert.ok(Number(await slider.getAttribute('aria-valuenow')) <= Number(frame))
    await shoot(page, 'frames')
  })
})
