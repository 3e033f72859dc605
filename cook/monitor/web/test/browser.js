// A browser for tests. An error in its console fails the test that opened the page.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const shots = process.env.MONITOR_SHOTS ?? join(import.meta.dirname, 'shots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser

async function start() {
  browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
  return browser
}

export async function closeBrowser() {
  await (await browser)?.close()
  browser = undefined
}

// openPage opens an engine's page; t is the test, after which it is closed. expected are the console's errors
// that the test provokes, as a RegExp.
export async function openPage(t, engine, { theme = 'dark', width = 1280, height = 720, expected } = {}) {
  const context = await (await start()).newContext({ viewport: { width, height }, colorScheme: theme, permissions: ['clipboard-read', 'clipboard-write'] })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const errors = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => errors.push(error.stack))
  t.after(async () => {
    await context.close()
    assert.deepEqual(errors.filter((text) => !expected?.test(text)), [], 'errors in the console')
  })
  await page.goto(engine.url)
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
  return page
}

// openNode selects a node with the finder.
export async function openNode(page, path) {
  await page.locator('body').press('/')
  await page.keyboard.type(path)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: path }).waitFor()
}

// shoot keeps a picture of the page.
export async function shoot(page, name) {
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

// checkAxe fails if axe-core finds something that keeps people from using the page, or the part of it that a
// selector names.
export async function checkAxe(page, name, part = 'html') {
  await page.evaluate(axe)
  const { violations } = await page.evaluate((within) => globalThis.axe.run(within), part)
  const said = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`)
  assert.deepEqual(said, [], `axe on ${name}`)
}
