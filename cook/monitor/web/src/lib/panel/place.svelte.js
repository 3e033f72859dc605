// Where the person is in the panel: it stays when another node is selected.
export const place = $state({ tab: 'table' })
