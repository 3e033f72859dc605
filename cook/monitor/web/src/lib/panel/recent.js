const most = 20000 // rows

// Recent keeps the newest rows that the feed told of, in the batches they came in, so that a plot of another
// column begins with them.
export class Recent {
  // batches has {rows, columns, now, old, reset}, oldest first; old is of the first, whose rows came at times
  // that are not known.
  batches = []
  #rows = 0

  add(batch) {
    this.batches.push({ ...batch, old: this.batches.length === 0 })
    this.#rows += batch.rows.length
    while (this.#rows > most && this.batches.length > 1) this.#rows -= this.batches.shift().rows.length
  }
}
