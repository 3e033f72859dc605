import { bytes, count, duration } from '../format.js'

// Numbers of the panel, each with its unit.

// number is a value of a cell: seven digits, as 0.5, 1234567, 1.234568e-9.
export function number(n) {
  return String(Number(n.toPrecision(7)))
}

// whole is 1,234,567.
export const whole = (n) => n.toLocaleString('en')

// perSecond is 120/s, 4.50k/s.
export const perSecond = (n) => `${n < 1000 ? Number(n.toPrecision(3)) : count(n)}/s`

export const bytesPerSecond = (n) => `${bytes(Math.round(n))}/s`

export const milliseconds = (ms) => duration(ms * 1e6)

// seconds is a time of the engine, as 83.250 s.
export const seconds = (s) => `${s.toFixed(3)} s`
