package datasets

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// HashError says that a file is complete and readable but not the one that is
// pinned.
type HashError struct {
	File      string
	Got, Want string // SHA-256 of the content, in hex
}

// Error names the file and both hashes.
func (e *HashError) Error() string {
	return fmt.Sprintf("%s: not the published file: its content has SHA-256 %s, want %s", e.File, e.Got, e.Want)
}

// verify reads r to its end and checks that it is the file f: decompressed
// first if mayBeCompressed. path names it in errors. It holds no more than a
// buffer, and reads at most one byte beyond the size it expects.
func (f file) verify(r io.Reader, path string, mayBeCompressed bool) error {
	in := &source{file: path, raw: newBuffer(r)}
	if mayBeCompressed {
		var err error
		if in, err = newSource(r, path); err != nil {
			return err
		}
	}
	hash := sha256.New()
	switch n, err := io.CopyN(hash, in, f.size); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &FormatError{path, n, fmt.Sprintf("%d of %d bytes are missing", f.size-n, f.size), hintAgain, ErrTruncated}
	case err != nil:
		return in.failed(err)
	}
	if err := in.end(); err != nil {
		return err
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != f.sha256 {
		return &HashError{path, got, f.sha256}
	}
	return nil
}

// verifyAt is verify of the file of that name in a folder, out of which no link leads.
func (f file) verifyAt(in *os.Root, name string, mayBeCompressed bool) error {
	path := filepath.Join(in.Name(), name)
	if info, err := in.Lstat(name); err != nil {
		return err
	} else if !info.Mode().IsRegular() { // a pipe would keep who opens it waiting
		return fmt.Errorf("%s is no file", path)
	}
	r, err := in.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	return f.verify(r, path, mayBeCompressed)
}

// verifyIn finds and verifies the file in a folder and returns its path, which
// is "" if it is not there.
func (f file) verifyIn(dir folder, mayBeCompressed bool) (path string, err error) {
	name, err := dir.find(f.name, mayBeCompressed)
	if err != nil {
		return "", err
	}
	path = dir.path(name)
	r, err := dir.open(name)
	if err != nil {
		return path, err
	}
	defer r.Close()
	return path, f.verify(r, path, mayBeCompressed)
}
