package top

// For tests: what text becomes before it is shown.
var (
	Clean    = clean
	Plain    = plain
	CellText = cellText
	Rate     = rate
	Took     = took
	Ago      = ago
)
