package datasets

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Links in the folder lead a download and an archive to no file outside: the victims stay as
// they were, and the set is fetched all the same.
func TestFetchWritesWithinItsFolder(t *testing.T) {
	packed := tarGz(t, goodMembers...)
	one, content, m := oneFile(t)
	two := twoInAnArchive(packed)
	m.files["/x.tar.gz"] = packed
	archived := m.options()
	archived.URL = m.URL + "/x.tar.gz"
	fetch := func(t *testing.T, dir string, link string) error {
		if strings.HasPrefix(link, "f") {
			return one.fetch(t.Context(), dir, nil, m.options())
		}
		return two.fetch(t.Context(), dir, nil, archived)
	}
	for _, link := range []string{"f", "f.part", "a.bin", "a.bin.part", "b.bin", "b.bin.part", "two.tar.gz", "two.tar.gz.part"} {
		for what, victim := range map[string][]byte{"a file": []byte("victim"), "the beginning": content[:10], "too long": make([]byte, 1<<22), "nothing": nil} {
			t.Run(link+" to "+what, func(t *testing.T) {
				dir, outside := t.TempDir(), t.TempDir()
				if victim != nil {
					writeFiles(t, outside, map[string][]byte{"victim": victim})
				}
				if err := os.Symlink(filepath.Join(outside, "victim"), filepath.Join(dir, link)); err != nil {
					t.Skip(err)
				}
				if err := fetch(t, dir, link); err != nil {
					t.Error(err)
				}
				if victim != nil {
					wantFiles(t, outside, map[string][]byte{"victim": victim})
				} else {
					wantFiles(t, outside, nil)
				}
				want := map[string][]byte{"f": content}
				if !strings.HasPrefix(link, "f") {
					want = map[string][]byte{"a.bin": []byte("content of a"), "b.bin": []byte("b")}
				}
				wantFiles(t, dir, want)
			})
		}
	}
}

// A redirect is followed, and what comes is held against the hash; one without end, to another
// scheme or to another file leaves nothing under the file's name.
func TestFetchRedirected(t *testing.T) {
	p, content, m := oneFile(t)
	other := newMirror(t, map[string][]byte{"/g": content, "/evil": slices.Repeat([]byte("evil"), 50_000), "/short": content[:1000]})
	for target, want := range map[string]string{
		other.URL + "/g":      "",
		other.URL + "/evil":   "not the published file",
		other.URL + "/short":  "199000 of 200000 bytes are missing",
		other.URL + "/absent": "404",
		"/f":                  "stopped after 10 redirects",
		"file:///etc/passwd":  "unsupported protocol scheme",
		"ftp://127.0.0.1/f":   "unsupported protocol scheme",
		"http://127.0.0.1:1/": "refused",
		"":                    "Location",
	} {
		t.Run(target, func(t *testing.T) {
			m := newMirror(t, m.files)
			m.respond = func(w http.ResponseWriter, _ *http.Request, _ []byte) bool {
				if target != "" {
					w.Header().Set("Location", target)
				}
				w.WriteHeader(http.StatusFound)
				return true
			}
			dir := inFolder(t, map[string][]byte{"f": []byte("old")})
			err := p.fetch(t.Context(), dir, nil, m.options())
			if want == "" {
				if err != nil {
					t.Fatal(err)
				}
				wantFiles(t, dir, map[string][]byte{"f": content})
				return
			}
			if err == nil || !strings.Contains(err.Error(), want) && target != "" {
				t.Errorf("error %v, want %q", err, want)
			}
			if left, err := os.ReadFile(filepath.Join(dir, "f")); err != nil || string(left) != "old" {
				t.Errorf("the file is %q, %v", left, err)
			}
			if part, err := os.ReadFile(filepath.Join(dir, "f.part")); err == nil && len(part) > 0 {
				t.Errorf("%d bytes are left of another file", len(part))
			}
		})
	}
}

// A partial file that is swapped for another, at any moment between two calls, is brought anew.
func TestFetchOfSwappedParts(t *testing.T) {
	p, content, m := oneFile(t)
	for _, n := range []int{0, 1, 77, len(content) - 1, len(content), len(content) + 1, 2 * len(content)} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			dir := inFolder(t, map[string][]byte{"f.part": slices.Repeat([]byte{0xee}, n)})
			if err := p.fetch(t.Context(), dir, nil, m.options()); err != nil {
				t.Fatal(err)
			}
			wantFiles(t, dir, map[string][]byte{"f": content})
		})
	}
}
