package monitor

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// MinToken is the shortest token, in characters: 128 bits, at six bits each.
const MinToken = 22

// maxWrong is how many wrong tokens a second are answered as such.
const maxWrong = 10

// A gate says which requests come through.
type gate struct {
	config *Config
	counts refusals

	mu     sync.Mutex
	second int64 // in which wrong is counted
	wrong  int
}

// check returns why a request is refused, or nil. The body was not read yet.
func (g *gate) check(r *http.Request) *httpError {
	if !g.knowsHost(r.Host) {
		g.counts.add("host")
		return failf(http.StatusMisdirectedRequest,
			"this monitor is not called %.100q: use its address or localhost, or allow the name with --monitor-host", r.Host)
	}
	changes := r.Method != http.MethodGet && r.Method != http.MethodHead
	token, given := tokenOf(r)
	if given {
		if refused := g.checkToken(token); refused != nil {
			// A page whose engine was started anew asks for the new token with the old one: where none is needed
			// a wrong one is as good as none.
			if g.config.Public || changes {
				return refused
			}
			given = false
		}
	} else if g.config.Public && !isPage(r.URL.Path) {
		g.counts.add("token")
		return failf(http.StatusUnauthorized, "the token is missing: open the address that linecook has logged, or send Authorization: Bearer TOKEN")
	}
	if site := r.Header.Get("Sec-Fetch-Site"); !given && !isPage(r.URL.Path) && (site == "cross-site" || site == "same-site") {
		g.counts.add("origin")
		return failf(http.StatusForbidden, "another site's page must not ask this monitor")
	}
	if changes || isUpgrade(r) {
		if refused := g.checkOrigin(r, given); refused != nil {
			return refused
		}
	}
	if changes {
		return g.checkChange(r, given)
	}
	return nil
}

// knowsHost reports whether nobody but who owns the name could have led a browser here by it.
func (g *gate) knowsHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return strings.EqualFold(host, "localhost") ||
		slices.ContainsFunc(g.config.Hosts, func(name string) bool { return strings.EqualFold(host, name) })
}

func tokenOf(r *http.Request) (token string, given bool) {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return t, true
	}
	if q := r.URL.Query(); q.Has("token") {
		return q.Get("token"), true
	}
	return "", false
}

func (g *gate) checkToken(token string) *httpError {
	got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(g.config.Token))
	if subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
		return nil
	}
	g.counts.add("token")
	if g.tooMany(time.Now().Unix()) {
		return failf(http.StatusTooManyRequests, "more than %d wrong tokens in a second: wait, and take the one that linecook has logged", maxWrong)
	}
	return failf(http.StatusUnauthorized, "the token is wrong: take the one that linecook has logged when it started")
}

// tooMany counts a wrong token.
func (g *gate) tooMany(second int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.second != second {
		g.second, g.wrong = second, 0
	}
	g.wrong++
	return g.wrong > maxWrong
}

// checkOrigin keeps other sites' pages out. A right token makes up for a missing or foreign Origin.
func (g *gate) checkOrigin(r *http.Request, token bool) *httpError {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	origins := r.Header.Values("Origin")
	own := len(origins) == 1 && strings.EqualFold(origins[0], scheme+r.Host)
	if own || token {
		return nil
	}
	g.counts.add("origin")
	return failf(http.StatusForbidden, "Origin must be %s%s, or the request must bring the token", scheme, r.Host)
}

func (g *gate) checkChange(r *http.Request, token bool) *httpError {
	switch media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); {
	case !g.config.Write:
		g.counts.add("readonly")
		return failf(http.StatusForbidden, "this monitor only shows: start linecook with --monitor-write to change things from here")
	case !token:
		g.counts.add("token")
		return failf(http.StatusUnauthorized, "a change needs the token: Authorization: Bearer TOKEN, as linecook has logged it")
	case !strings.EqualFold(strings.TrimSpace(media), "application/json"):
		g.counts.add("mediatype")
		return failf(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
	}
	return nil
}

// isPage reports whether path is that of a file of the page: these are no secret, and a browser that loads
// them cannot bring the token.
func isPage(path string) bool {
	return !strings.HasPrefix(path, "/api/") && !slices.Contains([]string{"/feed", "/metrics", "/healthz", "/readyz"}, path)
}

func isUpgrade(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

// secureHeaders says what the page may do: nothing but show what came from here.
func secureHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "+
		"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
}
