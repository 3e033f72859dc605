const kept = 600 // samples: five minutes

// A History is what a node did since its panel was opened, sampled twice a second.
export class History {
  // at has the times of the samples, in Unix seconds; the others a value for each. What came in from outside is in
  // rowsIn, too.
  at = $state.raw([])
  rowsIn = $state.raw([])
  rowsOut = $state.raw([])
  lost = $state.raw([])
  // cook is the time of the last cook, in ms; null where nothing was cooked.
  cook = $state.raw([])

  #last = null

  // sample takes a node's counters as the feed tells them, at a time in Unix seconds.
  sample(live, now) {
    const before = this.#last
    this.#last = { live, now }
    if (!before || now <= before.now) return
    const rate = (name) => Math.max(0, (live[name] - before.live[name]) / (now - before.now))
    this.at = push(this.at, now)
    this.rowsIn = push(this.rowsIn, rate('in') + rate('ev'))
    this.rowsOut = push(this.rowsOut, rate('out'))
    this.lost = push(this.lost, rate('lost'))
    this.cook = push(this.cook, live.c > before.live.c ? live.ns / 1e6 : null)
  }
}

const push = (values, value) => [...values.slice(1 - kept), value]
