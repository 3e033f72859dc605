package monitor_test

import (
	"testing"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

func TestFrames(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	c := r.watch(`{"nodes":true,"frames":true,"watch":[{"path":"/b"}]}`)
	c.until("shows that /b is wanted", isWanted)
	r.feed("/a", 1)
	c.until("shows why /b has cooked", func(u update) bool {
		for _, f := range u.FrameLog {
			for _, cooked := range f.Cooks {
				if len(cooked) == 4 && cooked[0] == 1.0 && cooked[3] == "input /a" && f.Ns > 0 && f.Frame > 0 {
					return true
				}
			}
		}
		return false
	})
	type why struct {
		Wanted   bool
		WantedBy []string
		LastCook *struct {
			Frame  int64
			Reason string
		}
	}
	var node struct{ Why why }
	r.get("/api/node?path=/b", &node)
	if w := node.Why; !w.Wanted || len(w.WantedBy) != 1 || w.WantedBy[0] != "watched" || w.LastCook == nil || w.LastCook.Reason != "input /a" {
		t.Errorf("GET /api/node: why is %+v, %+v; want wanted by who watches it, cooked for input /a", w, w.LastCook)
	}
	r.get("/api/node?path=/a", &node)
	if w := node.Why; !w.Wanted || len(w.WantedBy) != 1 || w.WantedBy[0] != "/b" {
		t.Errorf("GET /api/node: why is %+v; want wanted by /b", w)
	}
}

// isWanted reports whether an update says so of the last node.
func isWanted(u update) bool { return len(u.Nodes) > 0 && u.Nodes[len(u.Nodes)-1].S != "stale" }

// wanted reports whether a node is wanted.
func (r *rig) wanted(path string) bool {
	var node struct {
		Why struct{ Wanted bool }
	}
	r.get("/api/node?path="+path, &node)
	return node.Why.Wanted
}

func TestWatchingIsADemand(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	if r.wanted("/b") {
		t.Error("/b is wanted before anybody watches it")
	}
	c := r.watch(`{"nodes":true,"watch":[{"path":"/b"}]}`)
	c.until("shows that /b is watched", func(u update) bool { return isWanted(u) && u.Nodes[len(u.Nodes)-1].W == 1 })
	if !r.wanted("/b") {
		t.Error("/b is not wanted while it is watched")
	}
	c.say(`{"nodes":true}`)
	c.until("shows that /b is not watched", func(u update) bool {
		return len(u.Nodes) > 0 && !isWanted(u) && u.Nodes[len(u.Nodes)-1].W == 0
	})
	if r.wanted("/b") {
		t.Error("/b is wanted when nobody watches it any more")
	}
}

func TestReload(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{})
	c := r.watch(`{"nodes":true,"watch":[{"path":"/b"},{"path":"/c"}]}`)
	first := c.until("has all nodes", func(u update) bool { return len(u.Nodes) == 2 })
	c.until("says that /c is not there", func(u update) bool { return u.Tails["/c"].Error != "" })
	err := r.engine.Edit(func(x *graph.Edit) {
		x.Remove(r.node("/b"))
		x.Wire(r.node("/a"), x.Add("c", &graphtest.Filter{Keep: func(table.Value) bool { return true }}))
	})
	if err != nil {
		t.Fatal(err)
	}
	next := c.until("has all nodes of the new graph", func(u update) bool { return u.Generation != first.Generation && len(u.Nodes) == 2 })
	if next.Generation <= first.Generation {
		t.Errorf("the generation went from %d to %d", first.Generation, next.Generation)
	}
	r.feed("/a", 7)
	c.until("has the row of /c", func(u update) bool { return u.Tails["/c"].End == 1 })
	if !r.wanted("/c") {
		t.Error("/c is watched, and not wanted")
	}
}
