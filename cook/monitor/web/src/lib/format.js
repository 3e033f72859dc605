// Numbers as people read them from a metre away: three digits and a unit, always as wide.

// count is 999, 1.23k, 45.6k, 1.20M.
export function count(n) {
  if (n < 1000) return String(Math.round(n))
  const power = Math.min(4, Math.floor(Math.log10(n) / 3))
  return digits(n / 1000 ** power) + ['', 'k', 'M', 'G', 'T'][power]
}

// rate is a number a second, without the unit: 0, 0.3, 9.5, 120, 4.50k.
export function rate(n) {
  return n < 9.95 ? n.toFixed(1).replace('.0', '') : count(n)
}

// duration is of nanoseconds: 850 ns, 12.3 µs, 4.56 ms, 1.20 s.
export function duration(ns) {
  if (ns < 1000) return `${Math.round(ns)} ns`
  const power = Math.min(3, Math.floor(Math.log10(ns) / 3))
  return `${digits(ns / 1000 ** power)} ${['ns', 'µs', 'ms', 's'][power]}`
}

// bytes is 512 B, 1.50 KiB, 3.20 MiB.
export function bytes(n) {
  if (n < 1024) return `${n} B`
  const power = Math.min(4, Math.floor(Math.log2(n) / 10))
  return `${digits(n / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`
}

// clock is the time of day of Unix seconds, to the millisecond: 13:05:09.250.
export function clock(wall) {
  const at = new Date(wall * 1000)
  return at.toTimeString().slice(0, 8) + '.' + String(at.getMilliseconds()).padStart(3, '0')
}

// ago is how long something has been: 5 s, 3 min, 2 h, 4 d.
export function ago(seconds) {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 129600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86400)} d`
}

function digits(n) {
  return n < 9.995 ? n.toFixed(2) : n < 99.95 ? n.toFixed(1) : n.toFixed(0)
}
