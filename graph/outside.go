package graph

import "linecook.dev/linecook/graph/table"

// What a cook can see of the outside, beyond what came by its inbox, is told to who records ([Env]), and is
// what was recorded when a recording is cooked.

// An Outsider's table shows what neither its inputs nor its inbox have: a file, or how other nodes are. What it
// shows is recorded; when a recording is cooked the operator is not asked ([Node.Feed]).
type Outsider interface{ Outside() bool }

// Outside reports whether the node's operator is an [Outsider] and works.
func (n *Node) Outside() bool {
	o, ok := n.op.(Outsider)
	return ok && o.Outside() && n.active && !n.bypass
}

// Feed has write make the node's table, instead of the operator; nil ends that. It is for who cooks recordings.
func (n *Node) Feed(write func(*table.Writer)) { n.feed = write }

// Fed reports whether another than the operator makes the node's table.
func (n *Node) Fed() bool { return n.feed != nil }

// Saw says what the cook has seen of the outside: what can be seen again by [Cook.Recall], with the same key, by
// the cook of the same node in the same frame when a recording is cooked.
func (c *Cook) Saw(key, value string) {
	if saw := c.n.env.Load().Saw; saw != nil {
		saw(c.n, c.moment(), key, value)
	}
}

// Recalls reports whether a recording is cooked. Then there is no outside, and [Cook.Recall] says what is known.
func (c *Cook) Recalls() bool { return c.n.env.Load().Recall != nil }

// Recall returns what was seen under key when what is cooked now was recorded.
func (c *Cook) Recall(key string) (value string, known bool) {
	if recall := c.n.env.Load().Recall; recall != nil {
		return recall(c.n, c.moment(), key)
	}
	return "", false
}
