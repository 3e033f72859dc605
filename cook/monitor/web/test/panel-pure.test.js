// What the panel's plain modules promise, without a browser.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describe, fromJSON, numberOf, shownOf, textOf, toTSV } from '../src/lib/panel/cells.js'
import { Chunks } from '../src/lib/panel/chunks.js'
import { parseFilter } from '../src/lib/panel/filter.js'
import { hexLines } from '../src/lib/panel/hex.js'
import { mostLines, PlotPoints } from '../src/lib/panel/plotpoints.js'

const bytes = { t: 'bytes', hex: '00ff' }
const peer = { t: 'peer', id: '0197', address: '10.0.0.7:5000' }

test('every kind of cell is told apart on the screen', () => {
  const cells = [null, '', 'nil', '00ff', bytes, 1, '1\n', true, peer, { t: 'list', v: [1, null, ['a']] }, { t: 'float', text: 'NaN' }]
  const shown = cells.map((cell) => `${shownOf(cell)}|${describe(cell)}`)
  assert.equal(new Set(shown).size, cells.length, shown.join('\n'))
})

test('the text of a cell is that of a file that Linecook writes', () => {
  assert.deepEqual([null, 0.5, false, 'a b', bytes, peer, { t: 'list', v: [1, 'a', { t: 'list', v: [] }] }, { t: 'timetag', v: 'x', text: 'e0' }].map(textOf), ['', '0.5', 'false', 'a b', '00ff', '10.0.0.7:5000', '[1, a, []]', 'e0'])
})

test('a cell is read from the JSON of a sample', () => {
  const sample = [null, 1, 'a', { bytes: 'AP8=' }, { float: 'NaN' }, [{ char: 'x' }], { timetag: '00000000000000e0' }, { infinitum: true }]
  assert.deepEqual(sample.map(fromJSON).map(textOf), ['', '1', 'a', '00ff', 'NaN', '[x]', '00000000000000e0', 'infinitum'])
})

test('only what is a number is plotted', () => {
  assert.deepEqual([0.5, true, '7', '', 'x', null, bytes, { t: 'int64', v: '9' }].map(numberOf), [0.5, 1, 7, NaN, NaN, NaN, NaN, 9])
})

test('TSV has a header, and quotes what would break it', () => {
  assert.equal(toTSV(['a', 'b'], [[4, 'x\ty', 1], [5, 'say "go"', null], [6, 'two\nlines']]), 'a\tb\n"x\ty"\t1\n"say ""go"""\t\n"two\nlines"\t\n')
})

test('the filter', async (t) => {
  const columns = ['address', 'arg1', 'who']
  const rows = [
    [1, '/fader/1', 0.5, peer],
    [2, '/fader/2', 12, null],
    [3, '/mute/1', 'Kick drum', null],
  ]
  const cases = [
    ['', [1, 2, 3]],
    ['FADER', [1, 2]],
    ['address=/fader/*', [1, 2]],
    ['address!=/fader/*', [3]],
    ['address=/fader', []],
    ['arg1>=0.5', [1, 2]],
    ['arg1<1 fader', [1]],
    ['arg1=0.50', [1]],
    ['"kick drum"', [3]],
    ['arg1="Kick drum"', [3]],
    ['who=10.0.0.7:5000', [1]],
    ['who=', [2, 3]],
    ['.*', []],
  ]
  for (const [text, want] of cases) {
    await t.test(text || 'empty', () => {
      const { test: fits, notes } = parseFilter(text, columns)
      assert.deepEqual(rows.filter((row) => fits?.(row) ?? true).map(([n]) => n), want)
      assert.deepEqual(notes, [])
    })
  }
  await t.test('says which column there is not', () => {
    assert.match(parseFilter('adress=/x', columns).notes.join(), /no column "adress"/)
    assert.match(parseFilter('arg1>loud', columns).notes.join(), /"loud" is no number/)
    assert.equal(parseFilter('adress=/x adress=/y', columns).notes.length, 1)
  })
})

test('a hex dump has all bytes, in order', () => {
  const hex = Array.from({ length: 37 }, (_, i) => (i * 7 + 20).toString(16).padStart(2, '0').slice(-2)).join('')
  for (const each of [8, 16]) {
    const lines = hexLines(hex, each)
    assert.equal(lines.map(({ bytes: b }) => b.replaceAll(' ', '')).join(''), hex)
    assert.deepEqual(lines.map(({ at }) => parseInt(at, 16)), lines.map((_, i) => i * each))
    assert.equal(lines.map(({ text }) => text).join('').length, 37)
  }
})

test('the rows that were seen are few, and the newest used', () => {
  const chunks = new Chunks()
  for (let n = 0; n < 200_000; n += 100) chunks.put([[n, 'x']])
  assert.equal(chunks.get(0), undefined)
  assert.deepEqual(chunks.get(199_900), [199_900, 'x'])
  chunks.putRange([[200_001, 'y']], 200_000, 200_003)
  assert.deepEqual([200_000, 200_001, 200_002, 200_003].map((n) => chunks.get(n)), [null, [200_001, 'y'], null, undefined])
  assert.equal(chunks.unseen(200_000, 200_010), 200_003)
})

test('a plot has a line for each key, in order of time, of bounded size', () => {
  const points = new PlotPoints({ columns: ['v'], key: 'k' })
  for (let i = 0; i < 40_000; i++) points.add([[i, `key${i % (mostLines + 3)}`, i]], ['k', 'v'], 1000 + i / 100)
  assert.equal(points.names.length, mostLines)
  assert.equal(points.others, 3)
  const [x, ...lines] = points.data('time', 0)
  assert.ok(x.length <= 25_000, `${x.length} points`)
  assert.ok(x.every((v, i) => i === 0 || v >= x[i - 1]), 'the times are in order')
  assert.ok(lines.every((line) => line.length === x.length), 'the lines are as long as x')
  const drawn = lines.flatMap((line, k) => line.filter((v) => v !== null && v % (mostLines + 3) !== k))
  assert.deepEqual(drawn, [], 'each value is in the line of its key')
})
