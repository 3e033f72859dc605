// What the page does when the patch changes while it runs.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { closeBrowser, openNode, openPage } from './browser.js'
import { startEngine } from './engine.js'

const patch = (more = '') => `
nodes:
  desk:
    oscin: {port: 0}
  loud:
    select: {where: arg1 > 0.5}
    in: desk
${more}`

after(closeBrowser)

describe('a reload', () => {
  let engine
  before(async () => (engine = await startEngine({ patch: patch() })))
  after(() => engine?.stop())

  test('changes the graph around what is selected', async (t) => {
    const page = await openPage(t, engine)
    await page.emulateMedia({ reducedMotion: 'reduce' }) // the view moves at once
    const card = (path) => page.locator(`[data-card="${path}"]`)
    await openNode(page, '/loud')
    await page.getByRole('button', { name: 'Farther' }).click()
    await card('/loud').waitFor()
    const place = async () => JSON.stringify(await card('/loud').boundingBox())
    const stood = await place()
    engine.save(patch('  louder:\n    select: {where: arg1 > 0.9}\n    in: loud\n  other:\n    udpin: {port: 0}\n'))
    await card('/louder').waitFor()
    await card('/other').waitFor()
    await page.locator('path.wire[data-from="/loud"][data-to="/louder"]').waitFor({ state: 'attached' })
    assert.equal(await place(), stood, 'the selected node stands where it stood')
    await page.getByRole('heading', { name: '/loud' }).waitFor()

    engine.save(patch())
    await card('/louder').waitFor({ state: 'detached' })
    assert.equal(await place(), stood)
    assert.equal(await card('/loud').getAttribute('aria-pressed'), 'true')
  })

  test('that removes the selected node closes its panel', async (t) => {
    const page = await openPage(t, engine)
    await openNode(page, '/loud')
    engine.save('\nnodes:\n  desk:\n    oscin: {port: 0}\n')
    await page.locator('[data-card="/loud"]').waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: '/loud' }).waitFor({ state: 'detached' })
  })
})

test('a page finds the engine again that was started anew, with another patch', async (t) => {
  const first = await startEngine({ patch: patch(), write: true }) // each engine has a token of its own
  const page = await openPage(t, first, { expected: /WebSocket|ERR_CONNECTION_REFUSED/ })
  await page.locator('[data-card="/loud"]').waitFor()
  await first.stop()
  await page.getByRole('status').filter({ hasText: 'connection lost' }).waitFor()
  const second = await startEngine({ patch: '\nnodes:\n  a_new_one:\n    udpin: {port: 0}\n', write: true, args: ['--monitor', new URL(first.url).host] })
  t.after(() => second.stop())
  await page.locator('[data-card="/a_new_one"]').waitFor()
  await page.locator('[data-card="/loud"]').waitFor({ state: 'detached' })
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
})
