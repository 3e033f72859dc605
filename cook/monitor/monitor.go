package monitor

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// A Config says what a Monitor shows and to whom. The zero Config is ready to use, on loopback.
type Config struct {
	Info   Info
	Logger *slog.Logger // nil discards

	// Public monitors can be reached from other machines: every request needs the token.
	Public bool
	Token  string   // at least MinToken characters; empty makes one
	Hosts  []string // names, beside localhost and all addresses, by which the monitor may be called
	Write  bool     // parameters, pulses and flags may be changed

	Patience time.Duration // after which a viewer that takes nothing is let go; 0 means 5 s

	Language graph.Language // of expressions that parameters are set to; nil refuses them

	// What the engine does not know itself; each may be nil.
	Peers     func(op graph.Operator) []Peer       // that it has; any goroutine calls it
	NumPeers  func(op graph.Operator) int          // how many it has; any goroutine calls it
	Listening func(op graph.Operator) []string     // sockets of it that listen, as "udp 127.0.0.1:9000"
	Describe  func(Message) (address, text string) // what a message says, in one line; any goroutine calls it
	Take      func() Take                          // the take that is being recorded
}

// Info is what a page says about the engine.
type Info struct {
	Version string // of the program
	Patch   string // the name of its file
	Mode    string // "frame" or "arrival"
	FPS     float64
}

// A Take is one that is being recorded.
type Take struct {
	File   string `json:"file"` // empty if there is none
	Bytes  int64  `json:"bytes"`
	Events uint64 `json:"events"`
	Lost   uint64 `json:"lost"`
	Error  string `json:"error,omitempty"` // why recording has stopped
}

func (m *Monitor) take(*http.Request) (any, error) {
	if m.config.Take == nil {
		return Take{}, nil
	}
	return m.config.Take(), nil
}

// A Monitor shows one engine. Any goroutine may use it.
type Monitor struct {
	engine  *cook.Engine
	config  Config
	started time.Time
	mux     *http.ServeMux
	gate    gate
	asking  chan struct{} // holds a token for each question that the engine has not answered
	hub     *hub
	infos   infos
	ctx     context.Context // of all that it has begun
	stop    context.CancelFunc
	mu      sync.Mutex // guards that nothing begins once Close waits
	wg      sync.WaitGroup
}

// New returns a Monitor of an engine, which may run already or later. Close it.
func New(e *cook.Engine, config Config) *Monitor {
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Token == "" {
		config.Token = rand.Text()
	}
	if config.Patience == 0 {
		config.Patience = writeTime
	}
	m := &Monitor{
		engine: e, config: config, started: time.Now(), asking: make(chan struct{}, maxAsking),
	}
	m.gate = gate{config: &m.config}
	m.hub = newHub(m)
	m.mux = m.routes()
	m.ctx, m.stop = context.WithCancel(context.Background())
	m.wg.Go(func() { m.hub.run(m.ctx) })
	return m
}

// Token returns what requests have to bring: as Config has it, or as it was made.
func (m *Monitor) Token() string { return m.config.Token }

// Close ends the feeds, and waits for them. The engine must not be stuck.
func (m *Monitor) Close() error {
	m.mu.Lock()
	m.stop()
	m.mu.Unlock()
	m.wg.Wait()
	return nil
}

// begin has a goroutine of its own call f, which Close waits for, and reports whether it does: not when the
// Monitor has ended.
func (m *Monitor) begin(f func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ctx.Err() != nil {
		return false
	}
	m.wg.Go(f)
	return true
}

// ServeHTTP implements [http.Handler].
func (m *Monitor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secureHeaders(w.Header())
	if refused := m.gate.check(r); refused != nil {
		refused.write(w)
		return
	}
	m.mux.ServeHTTP(w, r)
}

func (m *Monitor) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/graph", answer(m.graph))
	mux.HandleFunc("GET /api/node", answer(m.node))
	mux.HandleFunc("GET /api/table", answer(m.table))
	mux.HandleFunc("GET /api/peers", answer(m.peers))
	mux.HandleFunc("GET /api/errors", answer(m.errors))
	mux.HandleFunc("GET /api/raw", answer(m.raw))
	mux.HandleFunc("GET /api/take", answer(m.take))
	mux.HandleFunc("POST /api/set", m.changes("set", m.set))
	mux.HandleFunc("POST /api/pulse", m.changes("pulse", m.pulse))
	mux.HandleFunc("POST /api/flag", m.changes("flag", m.flag))
	mux.HandleFunc("POST /api/peers/close", m.changes("close", m.closePeer))
	mux.HandleFunc("GET /feed", m.feed)
	mux.HandleFunc("GET /healthz", m.healthz)
	mux.HandleFunc("GET /readyz", m.readyz)
	mux.Handle("GET /metrics", m.metrics())
	mux.Handle("GET /", page())
	return mux
}
