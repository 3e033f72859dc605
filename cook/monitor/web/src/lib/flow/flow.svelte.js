// What the graph shows: which networks are closed, and where everything stands.

import { graph } from '../graph.svelte.js'
import { arrange } from './arrange.js'
import { networks, parent } from './tree.js'

const manyNodes = 150 // from here on networks are closed until somebody opens them

class Flow {
  // far says that the view is too far away for more than names.
  far = $state(false)
  // toggled is the networks that somebody opened or closed: what is shown is not what it would be by itself.
  #toggled = $state.raw(new Set())

  networks = $derived(networks(graph.nodes))
  closed = $derived.by(() => {
    const byDefault = graph.nodes.length >= manyNodes
    return new Set([...this.networks.keys()].filter((path) => byDefault !== this.#toggled.has(path)))
  })
  arranged = $derived(arrange(graph.nodes, this.closed))
  // places is where each card and box stands, by path.
  places = $derived(new Map([...this.arranged.cards, ...this.arranged.boxes].map((at) => [at.path, at])))

  toggle(network) {
    const toggled = new Set(this.#toggled)
    if (!toggled.delete(network)) toggled.add(network)
    this.#toggled = toggled
  }

  // reveal opens every network that path is in.
  reveal(path) {
    for (let at = parent(path); at !== ''; at = parent(at)) if (this.closed.has(at)) this.toggle(at)
  }
}

export const flow = new Flow()
