package udt_test

import (
	"bytes"
	"io"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// A steady controller lets few packets go, whatever happens.
type steady struct{ acked int }

func (s *steady) Acked(time.Duration, udt.Seq) { s.acked++ }
func (*steady) Lost(time.Duration, udt.Seq)    {}
func (*steady) TimedOut(time.Duration)         {}
func (*steady) Window() int                    { return 3 }
func (*steady) Period() time.Duration          { return 10 * time.Microsecond }

func TestControlOfTheCaller(t *testing.T) {
	control := new(steady)
	p := connect(t, &udt.Config{Control: func(path *udt.Path, first udt.Seq) udt.Controller {
		if path.MSS != 1500 || path.LastSent.Next() != first {
			t.Errorf("Control is called for packet %d of the path %+v", first, *path)
		}
		return control
	}})
	data, got := randomBytes(100_000), make([]byte, 100_000)
	var wg sync.WaitGroup
	wg.Go(func() { p.client.Write(data) })
	for n := 0; n < len(got); {
		if s := p.client.Stats(); s.InFlight > control.Window() {
			t.Fatalf("%d packets are on their way, want at most %d", s.InFlight, control.Window())
		}
		m, err := p.server.Read(got[n:])
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		n += m
	}
	wg.Wait()
	p.client.Close()
	if !bytes.Equal(got, data) || control.acked == 0 {
		t.Errorf("what arrives differs, or the controller was not told: %d ACKs", control.acked)
	}
}
