package datasets

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ergon/internal/folderlock"
)

// oneFile is a published set of a single plain file "f" of 200 kB.
func oneFile(t *testing.T) (p *published, content []byte, m *mirror) {
	content = make([]byte, 200_000)
	for i := range content {
		content[i] = byte(i * i >> 7)
	}
	return &published{name: "one", files: []file{pin("f", content)}}, content, newMirror(t, map[string][]byte{"/f": content})
}

// Compressed anew by the mirror, the files are still the published ones.
func TestFetchCompressed(t *testing.T) {
	p, files := tinyPublished(), map[string][]byte{}
	served := map[string][]byte{}
	for name, b := range tinySet() {
		files[name+".gz"] = gzipped(t, b)
		served["/"+name+".gz"] = files[name+".gz"]
	}
	m, dir := newMirror(t, served), filepath.Join(t.TempDir(), "new", "folder")
	seen := map[string]int64{}
	progress := func(file string, done, total int64) {
		if done > total || done <= seen[file] {
			t.Errorf("%s: %d of %d bytes after %d", file, done, total, seen[file])
		}
		seen[file] = done
	}
	if err := p.fetch(t.Context(), dir, progress, m.options()); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, files)
	for name, b := range files {
		if seen[name] != int64(len(b)) {
			t.Errorf("%s: progress ended at %d of %d bytes", name, seen[name], len(b))
		}
	}
	asked := len(m.requests)
	if err := p.fetch(t.Context(), dir, nil, m.options()); err != nil || len(m.requests) != asked {
		t.Errorf("fetching again: error %v and %d requests, want none", err, len(m.requests)-asked)
	}
	// A damaged file is replaced; one that would hide it is not touched.
	writeFiles(t, dir, map[string][]byte{idxNames[0] + ".gz": []byte("broken")})
	if err := p.fetch(t.Context(), dir, nil, m.options()); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, files)
	writeFiles(t, dir, map[string][]byte{idxNames[0]: []byte("broken")})
	if err := p.fetch(t.Context(), dir, nil, m.options()); err == nil || !strings.Contains(err.Error(), "remove that file") {
		t.Errorf("error %v, want advice to remove the damaged file", err)
	}
}

func TestFetchResumes(t *testing.T) {
	p, content, m := oneFile(t)
	half := int64(len(content) / 2)
	for name, c := range map[string]struct {
		part     []byte
		respond  func(w http.ResponseWriter, r *http.Request, content []byte) bool
		requests []string
	}{
		"from the middle": {content[:half], nil, []string{fmt.Sprintf("/f bytes=%d-", half)}},
		"nothing missing": {content, nil, []string{fmt.Sprintf("/f bytes=%d-", len(content))}},
		"range ignored": {content[:half], func(w http.ResponseWriter, _ *http.Request, b []byte) bool {
			_, _ = w.Write(b)
			return true
		}, []string{fmt.Sprintf("/f bytes=%d-", half)}},
		"other range": {content[:half], func(w http.ResponseWriter, r *http.Request, b []byte) bool {
			if r.Header.Get("Range") == "" {
				return false
			}
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(b)-1, len(b)))
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(b)
			return true
		}, []string{fmt.Sprintf("/f bytes=%d-", half), "/f"}},
		"of another file": {slices.Repeat([]byte{1}, int(half)), nil, []string{fmt.Sprintf("/f bytes=%d-", half), "/f"}},
		"too long":        {make([]byte, len(content)+2<<20), nil, []string{fmt.Sprintf("/f bytes=%d-", len(content)+2<<20), "/f"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := inFolder(t, map[string][]byte{"f.part": c.part})
			m.requests, m.respond = nil, c.respond
			if err := p.fetch(t.Context(), dir, nil, m.options()); err != nil {
				t.Fatal(err)
			}
			wantFiles(t, dir, map[string][]byte{"f": content})
			if !slices.Equal(m.requests, c.requests) {
				t.Errorf("requests %q, want %q", m.requests, c.requests)
			}
		})
	}
}

func TestFetchFailures(t *testing.T) {
	p, content, m := oneFile(t)
	wrong := slices.Clone(content)
	wrong[1000]++
	cut := func(w http.ResponseWriter, _ *http.Request, b []byte) bool { // breaks the connection half way
		w.Header().Set("Content-Length", fmt.Sprint(len(b)))
		_, _ = w.Write(b[:len(b)/2])
		return true
	}
	stall := func(w http.ResponseWriter, r *http.Request, b []byte) bool {
		w.Header().Set("Content-Length", fmt.Sprint(len(b)))
		_, _ = w.Write(b[:1000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	}
	endless := func(w http.ResponseWriter, _ *http.Request, b []byte) bool {
		for range 100 {
			_, _ = w.Write(b)
		}
		return true
	}
	send := func(b []byte) func(http.ResponseWriter, *http.Request, []byte) bool {
		return func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
			_, _ = w.Write(b)
			return true
		}
	}
	status := func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
		http.Error(w, "no", http.StatusServiceUnavailable)
		return true
	}
	for name, c := range map[string]struct {
		part    []byte
		respond func(http.ResponseWriter, *http.Request, []byte) bool
		message string
		kept    int // bytes of the partial file afterwards; -1: none at all
	}{
		"connection breaks": {nil, cut, "run the same command again", len(content) / 2},
		"stalls":            {nil, stall, errStalled.Error(), 1000},
		"wrong content":     {nil, send(wrong), "not the published file", -1},
		"too short":         {nil, send(content[:1000]), "199000 of 200000 bytes are missing", -1},
		"one byte more":     {nil, send(append(slices.Clone(content), 0)), "more bytes follow", -1},
		"endless":           {nil, endless, errTooLong.Error(), -1},
		"announced longer":  {nil, send(make([]byte, 2<<20)), errTooLong.Error(), -1},
		"server error":      {nil, status, "503", 0},
		"error on resuming": {content[:77], status, "503", 77},
		"wrong on resuming": {wrong[:2000], send(wrong), "not the published file", -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMirror(t, m.files)
			m.respond = c.respond
			dir := t.TempDir()
			if c.part != nil {
				writeFiles(t, dir, map[string][]byte{"f.part": c.part})
			}
			opts := m.options()
			if name == "stalls" {
				opts.Stall = 200 * time.Millisecond
			}
			err := p.fetch(t.Context(), dir, nil, opts)
			if err == nil || !strings.Contains(err.Error(), c.message) {
				t.Fatalf("error %v, want %q", err, c.message)
			}
			if c.kept < 0 {
				wantFiles(t, dir, nil)
				return
			}
			wantFiles(t, dir, map[string][]byte{"f.part": content[:c.kept]})
			m.mu.Lock()
			m.respond = nil
			m.mu.Unlock()
			if err := p.fetch(t.Context(), dir, nil, m.options()); err != nil {
				t.Fatalf("going on: %v", err)
			}
			wantFiles(t, dir, map[string][]byte{"f": content})
		})
	}
}

func TestFetchCancelled(t *testing.T) {
	p, content, m := oneFile(t)
	m.respond = func(w http.ResponseWriter, r *http.Request, b []byte) bool {
		w.Header().Set("Content-Length", fmt.Sprint(len(b)))
		_, _ = w.Write(b[:50_000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		return true
	}
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	progress := func(_ string, done, _ int64) {
		if done == 50_000 {
			cancel()
		}
	}
	if err := p.fetch(ctx, dir, progress, m.options()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	wantFiles(t, dir, map[string][]byte{"f.part": content[:50_000]})
}

// A finished download keeps the old file until the new one is verified.
func TestFetchKeepsTheOldFileOnFailure(t *testing.T) {
	p, content, m := oneFile(t)
	dir := inFolder(t, map[string][]byte{"f": []byte("old")})
	m.files["/f"] = content[:100]
	if err := p.fetch(t.Context(), dir, nil, m.options()); err == nil {
		t.Fatal("a short file was accepted")
	}
	wantFiles(t, dir, map[string][]byte{"f": []byte("old")})
}

func TestFetchOneAtATime(t *testing.T) {
	p, content, m := oneFile(t)
	dir := t.TempDir()
	unlock, err := folderlock.Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.fetch(t.Context(), dir, nil, m.options()); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v, want one about another process", err)
	}
	unlock()
	if err := p.fetch(t.Context(), dir, nil, m.options()); err != nil {
		t.Error(err)
	}
	wantFiles(t, dir, map[string][]byte{"f": content})
}

func TestFetchNames(t *testing.T) {
	for name, part := range map[string]string{"minst": "unknown", "mixture": "nothing to fetch"} {
		if err := Fetch(t.Context(), name, t.TempDir(), nil, FetchOptions{}); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: error %v, want %q", name, err, part)
		}
	}
}
