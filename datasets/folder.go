package datasets

import (
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
}

// openFolder returns the folder at path, which need not exist.
func openFolder(path string) folder { return folder{path, os.DirFS(path)} }

// find returns the name under which a file is there, plain or compressed.
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
	return "", &NotFoundError{What: strings.Join(candidates, " or "), Looked: []string{f.name}}
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
