package launch

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ergon/internal/atomicfile"
	"ergon/internal/bounded"
	"ergon/sweep"
)

// A sweep's own files lie below its folder, whatever links somebody has put there.

// maxList is the size in bytes above which a file has no list of a sweep: that of a hundred
// thousand cells has a tenth of it.
const maxList = 128 << 20

// own is the name, in the sweep's folder, of a file of its own.
func own(names ...string) string {
	return filepath.Join(append([]string{sweep.LaunchFolder}, names...)...)
}

// path returns the path of a file of the sweep's own.
func (s *Sweep) path(names ...string) string { return filepath.Join(s.Folder, own(names...)) }

// make makes a folder of the sweep's own.
func (s *Sweep) make(names ...string) error { return atomicfile.MakeIn(s.Folder, own(names...)) }

// write writes a file of the sweep's own, and its folder.
func (s *Sweep) write(text []byte, names ...string) error {
	return atomicfile.WriteIn(s.Folder, own(names...), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// read reads a file of the sweep's own.
func (s *Sweep) read(names ...string) ([]byte, error) {
	return bounded.FileIn(s.Folder, own(names...), maxList)
}

// remove removes what is there of the sweep's own, with all that is in it.
func (s *Sweep) remove(names ...string) error {
	root, err := os.OpenRoot(s.Folder)
	if err != nil {
		return err
	}
	return errors.Join(root.RemoveAll(own(names...)), root.Close())
}

// entries lists a folder of the sweep's own; nil where there is none.
func (s *Sweep) entries(names ...string) ([]fs.DirEntry, error) {
	root, err := os.OpenRoot(s.Folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), filepath.ToSlash(own(names...)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}
