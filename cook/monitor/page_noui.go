//go:build noui

package monitor

import "net/http"

// page says that there is none.
func page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		failf(http.StatusNotFound, "this linecook was built without its page (-tags noui); the API, the feed and /metrics are there").write(w)
	})
}
