package datasets

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// folder is a place where the files of a set lie.
type folder struct {
	name string // path, or what it is called in messages
	fs.FS
	known bool // what it holds is known: no digests are taken
}

// openFolder returns the folder at path, which need not exist.
func openFolder(path string) folder { return folder{path, os.DirFS(path), false} }

// Stat implements fs.StatFS. Without it fs.Stat would open what it is asked about, and wait
// for who writes to it if it is a pipe.
func (f folder) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }

// find returns the name under which a file is there, plain or compressed; an idx file
// also under the other names that are usual.
func (f folder) find(name string, mayBeCompressed bool) (string, error) {
	candidates := []string{name}
	if mayBeCompressed {
		candidates = append(candidates, name+".gz")
	}
	for _, c := range candidates {
		if info, err := fs.Stat(f, c); err == nil && info.Mode().IsRegular() {
			return c, nil
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s: %w", f.path(c), err)
		}
	}
	if n, ok := parseIDXName(name); ok {
		return f.findRole(n)
	}
	return "", &NotFoundError{What: strings.Join(candidates, " or "), Looked: []string{f.name}}
}

// open opens a file of the folder, and nothing else: a pipe would keep who opens it waiting,
// and a device has no end.
func (f folder) open(name string) (fs.File, error) {
	info, err := fs.Stat(f, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", f.path(name))
	}
	file, err := f.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return file, nil
}

// readFile lets parse read the content of a file to its end, decompressed if it may be
// compressed, and says what that was.
func (f folder) readFile(name string, mayBeCompressed bool, parse func(in *source) error) (FileContent, error) {
	file, err := f.open(name)
	if err != nil {
		return FileContent{}, err
	}
	defer file.Close()
	in := &source{file: f.path(name), raw: newBuffer(file)}
	if mayBeCompressed {
		if in, err = newSource(file, f.path(name)); err != nil {
			return FileContent{}, err
		}
	}
	if info, err := file.Stat(); err == nil && in.gz == nil {
		in.sure = info.Size()
	}
	if f.known {
		return FileContent{}, parse(in)
	}
	in.digest = sha256.New()
	err = parse(in)
	return FileContent{name, in.offset, hex.EncodeToString(in.digest.Sum(nil))}, err
}

// state describes the files so that it changes when one of them does.
func (f folder) state(names []string) (string, error) {
	var b strings.Builder
	b.WriteString(f.name)
	for _, name := range names {
		info, err := fs.Stat(f, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n%s %d %d", name, info.Size(), info.ModTime().UnixNano())
	}
	return b.String(), nil
}

// path names a file of the folder in messages.
func (f folder) path(name string) string { return filepath.Join(f.name, name) }

// absolute returns a path that does not depend on the working directory, where it can
// be told.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
