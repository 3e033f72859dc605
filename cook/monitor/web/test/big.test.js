// A patch of a thousand nodes stays fluid.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { closeBrowser, openNode, openPage, shoot } from './browser.js'
import { osc, sender, startEngine } from './engine.js'

const desks = 25
const chains = 13 // of three nodes, for each desk
const least = 12 // frames a second, on a machine that does other things and draws without a graphics card

function thousand() {
  const lines = ['nodes:']
  for (let d = 1; d <= desks; d++) {
    lines.push(`  desk${d}:`, '    oscin: {port: 0}')
    for (let i = 1; i <= chains; i++) {
      lines.push(`  has${d}_${i}:`, `    select: {where: arg1 > ${i}}`, `    in: desk${d}`)
      lines.push(`  half${d}_${i}:`, '    eval: {expr: [level = arg1 / 2]}', `    in: has${d}_${i}`)
      lines.push(`  last${d}_${i}:`, '    latest: {by: address}', `    in: half${d}_${i}`)
    }
  }
  return lines.join('\n') + '\n'
}

describe('a thousand nodes', () => {
  let engine, desk, timer
  before(async () => {
    engine = await startEngine({ patch: thousand() })
    desk = await sender(await engine.port('/desk1'))
    timer = setInterval(() => desk.send(osc('/level/1', Math.random() * chains)), 20)
  })
  after(async () => {
    clearInterval(timer)
    desk?.close()
    await engine?.stop()
    await closeBrowser()
  })

  // fluid fails if the page draws fewer frames than it must while act moves it.
  async function fluid(t, page, what, act) {
    const drawn = () => page.evaluate(() => [globalThis.drawn, performance.now()])
    const [n, from] = await drawn()
    await act()
    const [m, to] = await drawn()
    const rate = ((m - n) / (to - from)) * 1000
    t.diagnostic(`${what}: ${rate.toFixed(1)} frames a second`)
    assert.ok(rate >= least, `${what}: ${rate.toFixed(1)} frames a second, want at least ${least}`)
  }

  async function drag(page) {
    await page.mouse.move(700, 400)
    await page.mouse.down()
    for (let i = 1; i <= 30; i++) await page.mouse.move(700 - 16 * i, 400 - 8 * i)
    await page.mouse.up()
  }

  test('are moved, zoomed and searched', async (t) => {
    const page = await openPage(t, engine)
    await page.locator('[data-card="/desk1"]').waitFor()
    await page.evaluate(() => {
      globalThis.drawn = 0
      const count = () => (globalThis.drawn++, requestAnimationFrame(count))
      count()
    })
    const drawn = page.locator('.svelte-flow__node')
    assert.ok((await drawn.count()) < 200, 'only what is in view is drawn')
    await fluid(t, page, 'drag', () => drag(page))
    await openNode(page, '/half20_7')
    await page.locator('[data-card="/half20_7"]').waitFor()
    await page.getByRole('button', { name: 'Close the panel' }).click()
    await page.getByRole('button', { name: 'The whole graph' }).click()
    await page.locator('[data-card="/last25_13"]').waitFor()
    assert.equal(await drawn.count(), desks * (1 + 3 * chains))
    await shoot(page, 'thousand')
    await fluid(t, page, 'drag, all in view', () => drag(page))
    await fluid(t, page, 'zoom', async () => {
      for (let i = 0; i < 20; i++) await page.mouse.wheel(0, -80)
    })
  })
})
