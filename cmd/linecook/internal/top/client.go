package top

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// Limits of what a monitor may say (they are above those of what it does say).
const (
	maxAnswer  = 16 << 20 // bytes
	maxUpdate  = 4 << 20
	answerTime = 5 * time.Second
)

// A Client asks one monitor. Any goroutine may use it.
type Client struct {
	name  string // of where the monitor is, for people
	base  url.URL
	token string
	http  http.Client
}

// NewClient returns a client of the monitor at an address such as http://127.0.0.1:7700/?token=T. If it
// has no token, the one given counts; it may be empty.
func NewClient(address, token string) (*Client, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, err
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s: the monitor's address begins with http:// or https://, as linecook run --monitor logs it", address)
	case u.Host == "":
		return nil, fmt.Errorf("%s: the address has no host; write it as http://127.0.0.1:7700", address)
	}
	if t := u.Query().Get("token"); t != "" {
		token = t
	}
	base := url.URL{Scheme: u.Scheme, Host: u.Host}
	return &Client{name: base.String(), base: base, token: token, http: http.Client{CheckRedirect: noRedirect}}, nil
}

// NewLocalClient returns a client of a monitor in this process, which dial connects to.
func NewLocalClient(dial func(ctx context.Context) (net.Conn, error)) *Client {
	t := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	return &Client{name: "this process", base: url.URL{Scheme: "http", Host: "localhost"}, http: http.Client{Transport: t}}
}

// noRedirect keeps the token from being sent elsewhere.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// A RefusedError is why a monitor, or what answers in its place, does not show anything: another try
// changes nothing.
type RefusedError struct {
	At  string
	Err error
}

func (e *RefusedError) Error() string { return fmt.Sprintf("%s: %v", e.At, e.Err) }
func (e *RefusedError) Unwrap() error { return e.Err }

// An UnreachableError is why nothing answers at a monitor's address.
type UnreachableError struct {
	At  string
	Err error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("%s: %v; is linecook running there, with --monitor?", e.At, e.Err)
}
func (e *UnreachableError) Unwrap() error { return e.Err }

// errMissing is the answer about what is not there, as a node that was removed.
var errMissing = errors.New("not there")

// get asks for a path of the API, and decodes the answer into v.
func (c *Client) get(ctx context.Context, path string, query url.Values, v any) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	u := c.base
	u.Path, u.RawQuery = path, query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	c.authorize(req.Header)
	res, err := c.http.Do(req)
	if err != nil {
		return &UnreachableError{c.name, causeOf(err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return &UnreachableError{c.name, causeOf(err)}
	}
	return c.decode(res, body, v)
}

func (c *Client) authorize(h http.Header) {
	h.Set("Origin", c.base.String())
	if c.token != "" {
		h.Set("Authorization", "Bearer "+c.token)
	}
}

func (c *Client) decode(res *http.Response, body []byte, v any) error {
	if res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, v); err != nil {
			return &RefusedError{c.name, fmt.Errorf("what answers is no monitor of linecook: %w", err)}
		}
		return nil
	}
	var said struct{ Error string }
	if json.Unmarshal(body, &said) != nil || said.Error == "" {
		return &RefusedError{c.name, fmt.Errorf("what answers is no monitor of linecook: %s", clean(res.Status))}
	}
	err := errors.New(clean(said.Error))
	switch {
	case res.StatusCode == http.StatusNotFound:
		return errors.Join(errMissing, err)
	case res.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return &RefusedError{c.name, err}
}

// feed opens the feed.
func (c *Client) feed(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	u := c.base
	u.Path = "/feed"
	header := http.Header{}
	c.authorize(header)
	conn, _, err := websocket.Dial(ctx, u.String(), &websocket.DialOptions{HTTPClient: &c.http, HTTPHeader: header}) //nolint:bodyclose // Dial: "You never need to close resp.Body yourself"
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, causeOf(err))
	}
	conn.SetReadLimit(maxUpdate)
	return conn, nil
}

// causeOf returns what went wrong, without the address, which is said once.
func causeOf(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %v", answerTime)
	}
	if e, ok := errors.AsType[*os.SyscallError](err); ok {
		return e.Err
	}
	return err
}

// IsAddress reports whether what may be a file is rather the address of a monitor: a URL, or HOST:PORT.
// It returns the URL.
func IsAddress(s string) (address string, ok bool) {
	if strings.Contains(s, "://") {
		return s, true
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil || port == "" || strings.Trim(port, "0123456789") != "" || strings.Contains(host, "/") {
		return "", false
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port), true
}
