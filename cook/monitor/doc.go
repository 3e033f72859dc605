// Package monitor shows a running engine to people: a page, a JSON API, a feed over WebSocket, and
// what Prometheus and process supervisors ask for. docs/monitor.md describes all of it.
//
// A [Monitor] is an http.Handler. It never keeps a cook waiting: what it shows is copied between two
// frames ([cook.Engine.Peek]), and encoded elsewhere. While nobody watches, nothing is copied.
//
// # Who may look
//
// A monitor that is reached by loopback only shows all to everybody on this machine; any other asks
// for its token. Changes need [Config.Write] and the token. Every request has its Host looked at first, so
// that no name that a stranger controls leads here, and WebSockets and changes their Origin.
package monitor
