package datasets

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type member struct {
	name    string
	kind    byte // tar type
	content []byte
}

func tarGz(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	gz := gzip.NewWriter(&out)
	w := tar.NewWriter(gz)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Typeflag: m.kind, Mode: 0o644, Size: int64(len(m.content))}
		if m.kind == tar.TypeSymlink {
			h.Linkname, h.Size = "/etc/passwd", 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write(m.content); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// twoInAnArchive is a published set of files a and b in an archive like CIFAR's.
func twoInAnArchive(packed []byte) *published {
	return &published{
		name:    "two",
		files:   []file{pin("a.bin", []byte("content of a")), pin("b.bin", []byte("b"))},
		archive: &archive{pin("two.tar.gz", packed), "inner"},
	}
}

var goodMembers = []member{
	{"inner/", tar.TypeDir, nil},
	{"inner/readme.html", tar.TypeReg, []byte("hello")},
	{"../../escaped.bin", tar.TypeReg, []byte("evil")},
	{"/tmp/absolute.bin", tar.TypeReg, []byte("evil")},
	{"inner/../a.bin", tar.TypeReg, []byte("content of A")},
	{"inner/a.bin", tar.TypeReg, []byte("content of a")},
	{"a.bin", tar.TypeReg, []byte("content of A")},
	{"inner/b.bin", tar.TypeReg, []byte("b")},
}

func TestFetchArchive(t *testing.T) {
	packed := tarGz(t, goodMembers...)
	p, m := twoInAnArchive(packed), newMirror(t, map[string][]byte{"/x.tar.gz": packed})
	opts := m.options()
	opts.URL = m.URL + "/x.tar.gz"
	want := map[string][]byte{"a.bin": []byte("content of a"), "b.bin": []byte("b")}

	root := t.TempDir()
	dir := filepath.Join(root, "x", "y")
	if err := p.fetch(t.Context(), dir, nil, opts); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, want)
	if entries, _ := os.ReadDir(root); len(entries) != 1 {
		t.Errorf("something was written outside: %v", entries)
	}
	if err := p.fetch(t.Context(), dir, nil, opts); err != nil || len(m.requests) != 1 {
		t.Errorf("fetching again: error %v, %d requests in all, want 1", err, len(m.requests))
	}
	if f, err := p.locate(dir); err != nil || f.name != dir {
		t.Errorf("located in %q, error %v", f.name, err)
	}

	// An archive that is there already is not brought again.
	dir = inFolder(t, map[string][]byte{"two.tar.gz": packed})
	if err := p.fetch(t.Context(), dir, nil, opts); err != nil || len(m.requests) != 1 {
		t.Errorf("with the archive in place: error %v, %d requests in all, want 1", err, len(m.requests))
	}
	wantFiles(t, dir, want)

	// Another archive is refused before it is opened.
	m.files["/x.tar.gz"] = tarGz(t, goodMembers[5], goodMembers[7])
	dir = t.TempDir()
	if err := p.fetch(t.Context(), dir, nil, opts); err == nil {
		t.Error("an archive with another hash was unpacked")
	}
	wantFiles(t, dir, nil)
}

// Unpacked by hand, the archive's own folder is found.
func TestLocateUnpackedByHand(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, filepath.Join(dir, "inner"), map[string][]byte{"a.bin": nil, "b.bin": nil})
	f, err := twoInAnArchive(nil).locate(dir)
	if err != nil || f.name != filepath.Join(dir, "inner") {
		t.Errorf("located in %q, error %v", f.name, err)
	}
}

// Archives whose hash is right but whose content is not: nothing is installed.
func TestUnpackRefuses(t *testing.T) {
	a, b := goodMembers[5], goodMembers[7]
	for name, c := range map[string]struct {
		packed  []byte
		message string
	}{
		"a file is missing": {tarGz(t, a), "1 of the 2 expected files are missing"},
		"twice the same":    {tarGz(t, a, a), "1 of the 2 expected files are missing"},
		"other content":     {tarGz(t, a, member{"inner/b.bin", tar.TypeReg, []byte("c")}), "not the published file"},
		"other size":        {tarGz(t, a, member{"inner/b.bin", tar.TypeReg, []byte("bb")}), "no plain file of 1 bytes"},
		"symbolic link":     {tarGz(t, a, member{"inner/b.bin", tar.TypeSymlink, nil}), "no plain file"},
		"truncated":         {tarGz(t, a, b)[:60], "unexpected EOF"},
		"no archive":        {[]byte("hello, this is no archive"), "invalid header"},
		"padding bomb":      {tarGz(t, member{"inner/big", tar.TypeReg, make([]byte, 4<<20)}, a, b), "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			packed := map[string][]byte{"two.tar.gz": c.packed}
			p, dir := twoInAnArchive(c.packed), inFolder(t, packed)
			into, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer into.Close()
			if err := p.archive.unpack(into, p.files); err == nil || !strings.Contains(err.Error(), c.message) {
				t.Errorf("error %v, want %q", err, c.message)
			}
			wantFiles(t, dir, packed)
		})
	}
}
