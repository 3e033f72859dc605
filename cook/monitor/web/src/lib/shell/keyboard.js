// Keys that work wherever the focus is, except in a field. Those of the graph are in flow/walk.js.

import { ui } from '../ui.svelte.js'

const plain = {
  '/': () => (ui.finding = true),
  '?': () => (ui.keys = true),
  l: () => ui.toggleDrawer('log'),
  f: () => ui.toggleDrawer('frames'),
  e: () => ui.toggleDrawer('errors'),
  w: () => (ui.wide = !ui.wide),
  t: () => ui.nextTheme(),
}

export function keydown(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
    event.preventDefault()
    ui.finding = true
    return
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') return escape(event)
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return
  const act = plain[event.key]
  if (!act) return
  event.preventDefault()
  act()
}

// escape closes what was opened last: a dialog closes itself, then the panel, then the drawer.
function escape(event) {
  if (event.target.closest?.('dialog')) return
  if (event.target.matches?.('input, textarea, select')) event.target.blur()
  else if (ui.panel) ui.panel = false
  else if (ui.drawer) ui.drawer = ''
  else ui.selected = ''
}
