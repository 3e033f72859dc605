// lanes puts cooks ([path, startNs, ns, reason]) that ran at the same time under each other: each has the first
// lane that is free when it begins. It gives {cook, lane} in order of their starts.
export function lanes(cooks) {
  const free = []
  return cooks
    .toSorted((a, b) => a[1] - b[1])
    .map((cook) => {
      let lane = free.findIndex((from) => from <= cook[1])
      if (lane < 0) lane = free.length
      free[lane] = cook[1] + cook[2]
      return { cook, lane }
    })
}
