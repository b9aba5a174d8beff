package datasets

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// A packed folder shows what its files hold, and their sizes; a damaged frame is an error, also to
// those who read an idx file.
func TestPacked(t *testing.T) {
	w, err := zstd.NewWriter(nil, zstd.WithSingleSegment(true)) // with its size in the head
	if err != nil {
		t.Fatal(err)
	}
	frame := w.EncodeAll(small, nil)
	damaged := append([]byte(nil), frame[:len(frame)-6]...)
	p := packed{"good": frame, "cut off": damaged, "no frame": []byte("no frame")}
	info, err := fs.Stat(p, "good")
	if err != nil || info.Size() != int64(len(small)) || !info.Mode().IsRegular() || info.Name() != "good" {
		t.Errorf("info %+v, error %v", info, err)
	}
	if b, err := fs.ReadFile(p, "good"); err != nil || string(b) != string(small) {
		t.Errorf("%x, error %v; want %x", b, err, small)
	}
	if _, err := p.Open("other"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: error %v", err)
	}
	if root, err := fs.Stat(p, "."); err != nil || !root.IsDir() {
		t.Errorf("the folder: %v, %v", root, err)
	}
	for _, name := range []string{"cut off", "no frame"} {
		read := func(in *source) error {
			_, err := readImages(in)
			return err
		}
		if _, err := (folder{"f", p, true}).readFile(name, true, read); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
