package monitor_test

import (
	"net/http"
	"strings"
	"testing"

	"linecook.dev/linecook/cook/monitor"
)

const rightToken = "a-token-that-is-long-enough"

// request makes a request of a rig, with headers given as name, value, name, value; Host sets the host.
func (r *rig) request(method, path string, header ...string) int {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+path, strings.NewReader("{}"))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		}
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func TestHost(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{Hosts: []string{"stage-left"}})
	tests := []struct {
		host string
		want int
	}{
		{"127.0.0.1", 200},
		{"127.0.0.1:7700", 200},
		{"[::1]:7700", 200},
		{"localhost:80", 200},
		{"LOCALHOST", 200},
		{"10.1.2.3:7700", 200},
		{"stage-left:7700", 200},
		{"evil.example", 421},
		{"127.0.0.1.evil.example", 421},
		{"localhost.evil.example", 421},
		{"7f000001.rebind.example:7700", 421},
		{"stage-left.example", 421},
	}
	for _, tt := range tests {
		if got := r.request("GET", "/api/graph", "Host", tt.host); got != tt.want {
			t.Errorf("GET /api/graph with Host %s: %d; want %d", tt.host, got, tt.want)
		}
		if _, got := r.dial("Host", tt.host, "Origin", "http://"+tt.host); (got == 421) != (tt.want == 421) {
			t.Errorf("WebSocket with Host and Origin %s: %d; want 421: %t", tt.host, got, tt.want == 421)
		}
	}
}

func TestOriginOfWebSocket(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{Token: rightToken})
	tests := []struct {
		name, origin, token string
		want                int
	}{
		{"its own", r.server.URL, "", 101},
		{"another site", "http://evil.example", "", 403},
		{"another port", "http://127.0.0.1:1", "", 403},
		{"another scheme", strings.Replace(r.server.URL, "http", "https", 1), "", 403},
		{"a sandboxed page", "null", "", 403},
		{"none", "", "", 403},
		{"none, with the token", "", rightToken, 101},
		{"another site, with the token", "http://evil.example", rightToken, 101},
		{"its own, with a wrong token", r.server.URL, "wrong", 101},
		{"another site, with a wrong token", "http://evil.example", "wrong", 403},
	}
	for _, tt := range tests {
		header := []string{"Origin", tt.origin}
		if tt.token != "" {
			header = append(header, "Authorization", "Bearer "+tt.token)
		}
		if _, got := r.dial(header...); got != tt.want {
			t.Errorf("WebSocket with Origin of %s: %d; want %d", tt.name, got, tt.want)
		}
	}
}

func TestToken(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{Token: rightToken, Public: true})
	for _, path := range []string{"/api/graph", "/api/node?path=/a", "/api/table?path=/a", "/api/peers", "/api/errors"} {
		if got := r.request("GET", path); got != 401 {
			t.Errorf("GET %s without a token: %d; want 401", path, got)
		}
		if got := r.request("GET", path, "Authorization", "Bearer "+rightToken); got != 200 {
			t.Errorf("GET %s with the token: %d; want 200", path, got)
		}
	}
	if got := r.request("GET", "/api/graph?token="+rightToken); got != 200 {
		t.Errorf("GET /api/graph?token=...: %d; want 200", got)
	}
	if _, got := r.dial(); got != 401 {
		t.Errorf("WebSocket without a token: %d; want 401", got)
	}
	many := 0
	for range 30 {
		if r.request("GET", "/api/graph", "Authorization", "Bearer wrong") == 429 {
			many++
		}
	}
	if many < 5 {
		t.Errorf("30 wrong tokens: %d were answered 429; want those beyond 10 a second", many)
	}
	if got := r.request("GET", "/api/graph", "Authorization", "Bearer "+rightToken); got != 200 {
		t.Errorf("the right token after many that were wrong: %d; want 200", got)
	}
}

func TestOtherSitesPages(t *testing.T) {
	r := newRig(t, chain(10), monitor.Config{Token: rightToken})
	for _, tt := range []struct {
		path, site string
		want       int
	}{
		{"/api/graph", "cross-site", 403},
		{"/metrics", "same-site", 403},
		{"/api/graph", "same-origin", 200},
		{"/api/graph", "none", 200},
		{"/api/graph?token=" + rightToken, "cross-site", 200},
		{"/api/graph?token=wrong", "cross-site", 403},
		{"/api/graph?token=wrong", "same-origin", 200}, // a page of the engine that ran before
		{"/", "cross-site", 200},                       // a link to the page
	} {
		if got := r.request("GET", tt.path, "Sec-Fetch-Site", tt.site); got != tt.want {
			t.Errorf("GET %s from %s: %d; want %d", tt.path, tt.site, got, tt.want)
		}
	}
}
