package top

import "encoding/json"

// What the monitor answers, as far as it is shown here.

type graphAnswer struct {
	Engine engineInfo `json:"engine"`
	Nodes  []nodeInfo `json:"nodes"`
}

type engineInfo struct {
	Version     string  `json:"version"`
	Patch       string  `json:"patch"`
	Mode        string  `json:"mode"`
	FPS         float64 `json:"fps"`
	StartedWall float64 `json:"startedWall"`
	Generation  uint64  `json:"generation"`
}

type nodeInfo struct {
	Path      string   `json:"path"`
	Type      string   `json:"type"`
	Listening []string `json:"listening"`
}

type nodeAnswer struct {
	Path     string    `json:"path"`
	Type     string    `json:"type"`
	Help     string    `json:"help"`
	Inputs   []string  `json:"inputs"`
	Refs     []string  `json:"refs"`
	Active   bool      `json:"active"`
	Bypass   bool      `json:"bypass"`
	Params   []param   `json:"params"`
	Rows     int       `json:"rows"`
	Base     uint64    `json:"base"`
	End      uint64    `json:"end"`
	Stats    stats     `json:"stats"`
	Faults   []fault   `json:"faults"`
	Failures []failure `json:"failures"`
	Why      why       `json:"why"`
}

type param struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Expr    string `json:"expr"`
}

type stats struct {
	Cooks     uint64            `json:"cooks"`
	RowsIn    uint64            `json:"rowsIn"`
	RowsOut   uint64            `json:"rowsOut"`
	Expired   uint64            `json:"expired"`
	Missed    uint64            `json:"missed"`
	Sent      uint64            `json:"sent"`
	LastNs    int64             `json:"lastNs"`
	MeanNs    int64             `json:"meanNs"`
	MaxNs     int64             `json:"maxNs"`
	TotalNs   int64             `json:"totalNs"`
	Errors    uint64            `json:"errors"`
	Events    uint64            `json:"events"`
	Bytes     uint64            `json:"bytes"`
	Malformed uint64            `json:"malformed"`
	Dropped   uint64            `json:"dropped"`
	Stalls    uint64            `json:"stalls"`
	Counters  map[string]uint64 `json:"counters"`
}

type fault struct {
	Node       string  `json:"node"`
	Kind       string  `json:"kind"`
	Active     bool    `json:"active"`
	Count      uint64  `json:"count"`
	FirstFrame int64   `json:"firstFrame"`
	FirstTime  float64 `json:"firstTime"`
	LastFrame  int64   `json:"lastFrame"`
	LastTime   float64 `json:"lastTime"`
	FirstError string  `json:"firstError"`
	LastError  string  `json:"lastError"`
}

type failure struct {
	Frame  int64   `json:"frame"`
	Time   float64 `json:"time"`
	Kind   string  `json:"kind"`
	Count  uint64  `json:"count"`
	Error  string  `json:"error"`
	Row    *uint64 `json:"row"`
	Sample string  `json:"sample"`
}

type why struct {
	Wanted   bool     `json:"wanted"`
	WantedBy []string `json:"wantedBy"`
	Dirty    bool     `json:"dirty"`
	LastCook *struct {
		Frame  int64   `json:"frame"`
		Time   float64 `json:"time"`
		Reason string  `json:"reason"`
	} `json:"lastCook"`
}

type peersAnswer struct {
	Peers []peer `json:"peers"`
}

type peer struct {
	Node        string  `json:"node"`
	ID          string  `json:"id"`
	Protocol    string  `json:"protocol"`
	Address     string  `json:"address"`
	Port        int     `json:"port"`
	Hostname    string  `json:"hostname"`
	SinceWall   float64 `json:"sinceWall"`
	MessagesIn  uint64  `json:"messagesIn"`
	BytesIn     uint64  `json:"bytesIn"`
	MessagesOut uint64  `json:"messagesOut"`
	BytesOut    uint64  `json:"bytesOut"`
	Failed      uint64  `json:"failed"`
	Queued      int     `json:"queued"`
}

type errorsAnswer struct {
	Errors []fault `json:"errors"`
}

type tableAnswer struct {
	Columns []string            `json:"columns"`
	Base    uint64              `json:"base"`
	End     uint64              `json:"end"`
	N       int                 `json:"n"`
	Rows    [][]json.RawMessage `json:"rows"`
}

// An update is a message of the feed. What has not changed is left out.
type update struct {
	Wall       float64         `json:"wall"`
	Frame      int64           `json:"frame"`
	Time       float64         `json:"time"`
	Generation uint64          `json:"generation"`
	Frames     uint64          `json:"frames"`
	Skipped    uint64          `json:"skipped"`
	Late       uint64          `json:"late"`
	Cooks      uint64          `json:"cooks"`
	Errors     int             `json:"errors"`
	Nodes      []counters      `json:"nodes"`
	Tails      map[string]news `json:"tails"`
}

// counters are totals since the node was added.
type counters struct {
	Index  int    `json:"i"`
	State  string `json:"s"`
	Cooks  uint64 `json:"c"`
	In     uint64 `json:"in"`
	Out    uint64 `json:"out"`
	Rows   int    `json:"n"`
	LastNs int64  `json:"ns"`
	MeanNs int64  `json:"avg"`
	MaxNs  int64  `json:"max"`
	Errors uint64 `json:"e"`
	Events uint64 `json:"ev"`
	Sent   uint64 `json:"sent"`
	Lost   uint64 `json:"lost"`
	Peers  int    `json:"p"`
}

// news is what is new in the tail of a table.
type news struct {
	tableAnswer
	Reset   bool   `json:"reset"`
	Skipped uint64 `json:"skipped"`
	Error   string `json:"error"`
}

// A wish is what the feed is asked for.
type wish struct {
	Nodes bool        `json:"nodes"`
	Watch []watchWish `json:"watch,omitempty"`
}

type watchWish struct {
	Path string `json:"path"`
	Rows int    `json:"rows"`
}
