package datasets

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// mirror is a server of files that misbehaves on demand.
type mirror struct {
	*httptest.Server
	mu       sync.Mutex
	files    map[string][]byte // by path
	respond  func(w http.ResponseWriter, r *http.Request, content []byte) bool
	requests []string // "path range"
}

func newMirror(t *testing.T, files map[string][]byte) *mirror {
	m := &mirror{files: files}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		m.requests = append(m.requests, strings.TrimSpace(r.URL.Path+" "+r.Header.Get("Range")))
		content, ok := m.files[r.URL.Path]
		respond := m.respond
		m.mu.Unlock()
		switch {
		case !ok:
			http.NotFound(w, r)
		case respond == nil || !respond(w, r, content):
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		}
	}))
	t.Cleanup(m.Close)
	return m
}

func (m *mirror) options() FetchOptions {
	return FetchOptions{URL: m.URL + "/", Stall: 10 * time.Second}
}

// wantFiles checks that dir holds exactly the given files.
func wantFiles(t *testing.T, dir string, want map[string][]byte) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if content, ok := want[e.Name()]; !ok || !bytes.Equal(got, content) {
			t.Errorf("%s has %d bytes, want %d (wanted at all: %v)", e.Name(), len(got), len(content), ok)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files in the folder, want %d", len(entries), len(want))
	}
}
