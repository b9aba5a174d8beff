// Package atomicfile writes files that are, whatever happens, the old ones or
// the whole new ones: the content reaches the disk before the name does, and
// the name before Write returns.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// Suffix is what the name of a file has behind it until the file is whole. Such a
// file is left only by a process that was killed.
const Suffix = ".part"

// Write puts data at path with permissions 0644 less the umask. On an error
// the file at path is what it was, and nothing else is left behind; only if the
// folder cannot be flushed in the end, the file is the new one already.
func Write(path string, data []byte) error {
	return WriteWith(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteWith is Write with the content produced by fill.
func WriteWith(path string, fill func(w io.Writer) error) error {
	return inFolder(path, func(fsys FS, name string) error { return WriteTo(fsys, name, fill) })
}

// WriteTo is WriteWith for the file of that name in fsys.
func WriteTo(fsys FS, name string, fill func(w io.Writer) error) error {
	temporary := name + Suffix
	f, err := fsys.Create(temporary)
	if err != nil {
		return err
	}
	err = write(f, temporary, fill)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = fsys.Rename(temporary, name)
	}
	if err == nil {
		return fsys.Sync(path.Dir(name))
	}
	if left := fsys.Remove(temporary); left != nil {
		return fmt.Errorf("%w; it is left there: %w", err, left)
	}
	return err
}

// write fills f, and flushes it to the disk.
func write(f File, name string, fill func(w io.Writer) error) error {
	w := counter{to: f}
	err := fill(&w)
	if err == nil {
		err = w.err // of which fill did not tell
	}
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if info, err := f.Stat(); err != nil {
		return err
	} else if info.Size() != w.n {
		return fmt.Errorf("%s has %d bytes, and %d were written", name, info.Size(), w.n)
	}
	return nil
}

// counter counts the bytes that arrive in a file.
type counter struct {
	to  io.Writer
	n   int64
	err error // the first, after which nothing is written: the file would have a hole
}

func (c *counter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.to.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	c.n, c.err = c.n+int64(n), err
	return n, err
}

// Install gives a finished file, which was called name with Suffix, its name.
func Install(fsys FS, name string) error {
	if err := fsys.Sync(name + Suffix); err != nil {
		return err
	}
	if err := fsys.Rename(name+Suffix, name); err != nil {
		return err
	}
	return fsys.Sync(path.Dir(name))
}

// inFolder opens the folder of a file for use.
func inFolder(path string, use func(fsys FS, name string) error) error {
	folder, name := filepath.Split(path)
	if name == "" {
		return fmt.Errorf("%s is the name of a folder, not of a file", path)
	}
	root, err := os.OpenRoot(filepath.Clean(folder)) // of "", which is "."
	if err != nil {
		return err
	}
	return errors.Join(use(In(root), name), root.Close())
}
