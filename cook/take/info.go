package take

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
)

// Version is that of the takes which this package writes, and the newest that it reads.
const Version = 1

// An Info says what a take is of.
type Info struct {
	Version int               `json:"version"`
	ID      uuid.UUID         `json:"id"`      // of version 7
	Started time.Time         `json:"started"` // when recording began
	Patch   string            `json:"patch"`   // name of the patch's file
	Files   map[string]string `json:"files"`   // the patch and what it includes, by their paths from the patch's folder on
	Set     []string          `json:"set,omitempty"`
	Params  []string          `json:"params,omitempty"`
	Watched []graph.Path      `json:"watched,omitempty"` // nodes that were wanted since their rows were printed
	Mode    string            `json:"mode"`
	FPS     float64           `json:"fps"`
	Cut     *Cut              `json:"cut,omitempty"` // of a take that is a part of another
}

// A Cut says what a take is a part of.
type Cut struct {
	Of    uuid.UUID `json:"of"`    // ID of the take
	Range string    `json:"range"` // as it was given
}

// metadata is the name of the record that an Info is in.
const metadata = "linecook"

func (i *Info) encode() (map[string]string, error) {
	b, err := json.Marshal(i)
	return map[string]string{"info": string(b)}, err
}

func (i *Info) decode(m map[string]string) error {
	if err := json.Unmarshal([]byte(m["info"]), i); err != nil {
		return fmt.Errorf("what it says about itself: %w", err)
	}
	if i.Version < 1 || i.Version > Version {
		return fmt.Errorf("it is of version %d; this program knows version %d", i.Version, Version)
	}
	return nil
}

// SamePatch reports whether both are of the same patch, set in the same way.
func (i *Info) SamePatch(o *Info) bool { return i.Digest() == o.Digest() }

// Digest returns a text that is the same for the same patch, set in the same way.
func (i *Info) Digest() string {
	c := *i
	c.strip()
	b, _ := json.Marshal(c) // it was read, or is to be written
	return fmt.Sprintf("%x", sha256.Sum256(b))
}

// strip leaves what has a part in what is cooked.
func (i *Info) strip() {
	files := map[string]string{}
	for name, text := range i.Files {
		if name == i.Patch {
			name = ""
		}
		files[name] = text
	}
	*i = Info{Files: files, Set: i.Set, Params: i.Params}
}
