// Makes the pictures of docs/monitor.md: npm run pictures. The show of patches/examples runs, and is fed.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { closeBrowser, openNode, openPage } from './browser.js'
import { osc, sender, startEngine } from './engine.js'

const root = join(import.meta.dirname, '../../../..')
const patch = readFileSync(join(root, 'patches/examples/show.yaml'), 'utf8').replace('linecook: v1\n', '').replace(/port: 902[12]/g, 'port: 0')

const pictures = join(root, 'docs/monitor')
mkdirSync(pictures, { recursive: true })
const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`) })

const engine = await startEngine({ patch })
const desk = await sender(await engine.port('/desk'))
const sensors = await sender(await engine.port('/sensors'))
const began = performance.now()
const timer = setInterval(feed, 40)

function feed() {
  const at = (performance.now() - began) / 1000
  for (let i = 1; i <= 4; i++) {
    desk.send(osc(`/fader/${i}`, Math.fround(0.5 + 0.5 * Math.sin(at * (0.4 + i / 5)))))
    sensors.send(Buffer.from(`temp${i} ${(36 + 3 * i + 5 * Math.sin(at / 2 + i)).toFixed(1)}\n`))
  }
  if (Math.random() < 0.2) sensors.send(Buffer.from(`load${Math.random() < 0.5 ? 1 : 2} ${(430 + 80 * Math.random()).toFixed(1)}\n`))
}

const ends = []
const t = { after: (end) => ends.push(end) }
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000))

const page = await openPage(t, engine)
await wait(8)
await openNode(page, '/readings')
await wait(2)
await picture(page, 'graph')
await page.getByRole('button', { name: 'Close the panel' }).click()
await page.keyboard.press('f')
await wait(3)
await picture(page, 'frames')

const light = await openPage(t, engine, { theme: 'light' })
await openNode(light, '/desk')
await light.getByRole('tab', { name: 'Plot' }).click()
await light.getByRole('button', { name: 'Messages' }).click()
await light.getByLabel('Only of addresses like').fill('/fader/*')
await wait(15)
await picture(light, 'messages')

clearInterval(timer)
for (const end of ends) await end()
await closeBrowser()
desk.close()
sensors.close()
await engine.stop()
