const size = 256 // rows of a chunk
const most = 96 // chunks: some 25,000 rows

// Chunks keeps the rows of a table that were seen, by their numbers: the most recently used 25,000.
export class Chunks {
  #chunks = new Map() // in order of use

  // get returns row n, null if it was removed from the table, undefined if it was not seen.
  get(n) {
    return this.#chunks.get(Math.floor(n / size))?.[n % size]
  }

  // put keeps rows, each with its number first.
  put(rows) {
    for (const row of rows) this.#chunk(row[0])[row[0] % size] = row
    this.#forget()
  }

  // putRange keeps rows as all there are from number from up to, not including, to.
  putRange(rows, from, to) {
    for (let n = from; n < to; n++) this.#chunk(n)[n % size] ??= null
    this.put(rows)
  }

  #chunk(n) {
    const at = Math.floor(n / size)
    const chunk = this.#chunks.get(at) ?? new Array(size)
    this.#chunks.delete(at)
    this.#chunks.set(at, chunk)
    return chunk
  }

  #forget() {
    for (const at of this.#chunks.keys()) {
      if (this.#chunks.size <= most) return
      this.#chunks.delete(at)
    }
  }

  // unseen returns the first number in [from, to) that was not seen, or to.
  unseen(from, to) {
    while (from < to && this.get(from) !== undefined) from++
    return from
  }
}
