// What the person has open: the selected node, the drawer, the theme. The theme is kept in the browser.

const themes = ['system', 'dark', 'light']

class Ui {
  // selected is the path of the selected node, or ''.
  selected = $state('')
  // panel says whether the panel of the selected node is open.
  panel = $state(false)
  // wide says whether the panel takes most of the page.
  wide = $state(false)
  // drawer is log, frames, errors or '' when it is closed.
  drawer = $state('')
  finding = $state(false)
  keys = $state(false)
  // shown is what the graph is to bring into view; it is another object each time.
  shown = $state.raw({ path: '' })
  theme = $state(localStorage.getItem('linecook.theme') ?? 'system')

  // select makes path the selected node and opens its panel.
  select(path, { panel = true } = {}) {
    this.selected = path
    if (panel) this.panel = path !== ''
  }

  // show has the graph bring path into view.
  show(path) {
    this.shown = { path }
  }

  toggleDrawer(name) {
    this.drawer = this.drawer === name ? '' : name
  }

  nextTheme() {
    this.theme = themes[(themes.indexOf(this.theme) + 1) % themes.length]
    localStorage.setItem('linecook.theme', this.theme)
  }
}

export const ui = new Ui()
