//go:build !noui

package monitor

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"
)

//go:embed all:web/dist
var built embed.FS

// A pageFile is one file of the page.
type pageFile struct {
	text []byte
	etag string
	kind string // Content-Type
}

// page serves the page as it was built.
func page() http.Handler {
	files := map[string]pageFile{}
	err := fs.WalkDir(built, "web/dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := built.ReadFile(name)
		sum := sha256.Sum256(text)
		kind := mime.TypeByExtension(path.Ext(name))
		files[name[len("web/dist"):]] = pageFile{text, `"` + hex.EncodeToString(sum[:16]) + `"`, kind}
		return err
	})
	if err != nil {
		panic(err) // it is in the program
	}
	files["/"] = files["/index.html"]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[r.URL.Path]
		if !ok {
			failf(http.StatusNotFound, "there is nothing at %.100q", r.URL.Path).write(w)
			return
		}
		w.Header().Set("ETag", f.etag)
		w.Header().Set("Content-Type", f.kind)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.text))
	})
}
