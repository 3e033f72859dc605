package monitor

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// metrics serves what Prometheus asks for, from a registry of its own.
func (m *Monitor) metrics() http.Handler {
	reg := prometheus.NewRegistry()
	reg.MustRegister(&metrics{m}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4})
}

// metrics implements [prometheus.Collector]: it asks the engine once a scrape. No label is made of what others
// send, so that there are no more series than nodes and their counters.
type metrics struct{ m *Monitor }

// Describe implements [prometheus.Collector]: which series there are depends on the graph.
func (*metrics) Describe(chan<- *prometheus.Desc) {}

// desc returns the declaration of a metric.
func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("linecook_"+name, help, labels, nil)
}

var (
	descUp      = desc("up", "1 if the engine answered within 1.5 seconds, else 0.")
	descFrames  = desc("frames_total", "Frames that were cooked, idle ones included.")
	descSkipped = desc("frames_skipped_total", "Frames that were missed.")
	descLate    = desc("frames_late_total", "Frames that began more than half a frame late.")
	descCooks   = desc("cooks_total", "Cooks of all nodes.")
	descNodes   = desc("nodes", "Nodes in the graph.")
	descViewers = desc("monitor_viewers", "Viewers of the monitor.")
	descRefused = desc("monitor_refused_total", "What the monitor refused or closed, by cause.", "cause")

	descNodeCooks   = desc("node_cooks_total", "Cooks of a node.", "node", "type")
	descNodeSeconds = desc("node_cook_seconds_total", "Time that a node's cooks took.", "node", "type")
	descNodeMax     = desc("node_cook_seconds_max", "The longest cook of a node.", "node", "type")
	descNodeIn      = desc("node_rows_in_total", "Rows that a node was given.", "node", "type")
	descNodeOut     = desc("node_rows_out_total", "Rows that a node appended.", "node", "type")
	descNodeRows    = desc("node_rows", "Rows in a node's table.", "node", "type")
	descNodeSent    = desc("node_sent_total", "Payloads that a node handed to sockets or files.", "node", "type")
	descNodeFailing = desc("node_failing", "1 if a node fails now, else 0.", "node", "type")
	descNodeWanted  = desc("node_wanted", "1 if something asks for a node's table, else 0.", "node", "type")
	descNodeFaults  = desc("node_faults_total", "Failures of a node, by kind.", "node", "type", "kind")
	descNodeEvents  = desc("node_events_total", "Events that came to a node's inbox.", "node", "type")
	descNodeBytes   = desc("node_event_bytes_total", "Bytes of the messages that came to a node's inbox.", "node", "type")
	descNodeCounter = desc("node_counter_total", "What a node counts itself: kerneldrops, inboxfull, malformed, refused and so on.", "node", "type", "counter")
	descNodeMissed  = desc("node_rows_missed_total", "Rows that a node was never given, since they went over an input's limit of bytes.", "node", "type")
)

// A nodeMetric is what is known of a node at a scrape.
type nodeMetric struct {
	node       *graph.Node
	path, kind string
	stats      graph.Stats
	faults     []graph.Fault
	rows       int
	wanted     bool
}

// Collect implements [prometheus.Collector].
func (c *metrics) Collect(out chan<- prometheus.Metric) {
	counter := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	refused := c.m.gate.counts.all()
	for _, cause := range slices.Sorted(maps.Keys(refused)) {
		counter(descRefused, float64(refused[cause]), cause)
	}
	gauge(descViewers, float64(c.m.hub.count()))
	s, err := ask(context.Background(), c.m, scrape)
	if err != nil {
		gauge(descUp, 0)
		return
	}
	gauge(descUp, 1)
	gauge(descNodes, float64(len(s.nodes)))
	counter(descFrames, float64(s.Frames))
	counter(descSkipped, float64(s.Skipped))
	counter(descLate, float64(s.Late))
	counter(descCooks, float64(s.Cooks))
	for i := range s.nodes {
		s.nodes[i].collect(counter, gauge)
	}
}

// scraped is what is known of an engine at a scrape.
type scraped struct {
	cook.Stats
	nodes []nodeMetric
}

func scrape(p cook.Peek) (scraped, error) {
	s := scraped{p.Stats, make([]nodeMetric, 0, len(p.Nodes))}
	for i, n := range p.Nodes {
		m := nodeMetric{
			node: n, path: n.String(), kind: n.Type().Name, stats: n.Tally(), rows: n.Table().NumRows(), wanted: p.Wanted(i),
		}
		if m.stats.Errors > 0 {
			m.faults = n.Faults()
		}
		s.nodes = append(s.nodes, m)
	}
	return s, nil
}

func (n *nodeMetric) collect(counter, gauge func(*prometheus.Desc, float64, ...string)) {
	s := &n.stats
	s.Counters = n.node.Counts()
	counter(descNodeCooks, float64(s.Cooks), n.path, n.kind)
	counter(descNodeSeconds, s.Total.Seconds(), n.path, n.kind)
	gauge(descNodeMax, s.Max.Seconds(), n.path, n.kind)
	counter(descNodeIn, float64(s.RowsIn), n.path, n.kind)
	counter(descNodeOut, float64(s.RowsOut), n.path, n.kind)
	counter(descNodeMissed, float64(s.Missed), n.path, n.kind)
	counter(descNodeSent, float64(s.Sent), n.path, n.kind)
	gauge(descNodeRows, float64(n.rows), n.path, n.kind)
	gauge(descNodeWanted, number01(n.wanted), n.path, n.kind)
	failing := false
	for _, f := range n.faults {
		counter(descNodeFaults, float64(f.Count), n.path, n.kind, f.Kind.String())
		failing = failing || f.Active
	}
	gauge(descNodeFailing, number01(failing), n.path, n.kind)
	if inbox := n.node.Inbox(); inbox != nil {
		s.Inbox = inbox.Stats()
		counter(descNodeEvents, float64(s.Inbox.Events), n.path, n.kind)
		counter(descNodeBytes, float64(s.Inbox.Bytes), n.path, n.kind)
		counter(descNodeCounter, float64(s.Inbox.Malformed), n.path, n.kind, "malformed")
		counter(descNodeCounter, float64(s.Inbox.Stalls), n.path, n.kind, "stalls")
	}
	for _, name := range slices.Sorted(maps.Keys(s.Counters)) {
		if name != "malformed" && name != "stalls" {
			counter(descNodeCounter, float64(s.Counters[name]), n.path, n.kind, name)
		}
	}
}

func number01(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// count returns how many viewers there are.
func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.viewers)
}
