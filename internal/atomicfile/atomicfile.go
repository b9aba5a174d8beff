// Package atomicfile writes files that are, whatever happens, the old ones or
// the whole new ones: the content reaches the disk before the name does, and
// the name before Write returns.
package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write puts data at path with permissions 0644 less the umask. On an error
// the file at path is what it was, and nothing else is left behind.
func Write(path string, data []byte) error {
	return WriteWith(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteWith is Write with the content produced by fill.
func WriteWith(path string, fill func(w io.Writer) error) error {
	temporary := path + ".part"
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return Install(temporary, path)
}

// Install moves a finished file to path.
func Install(temporary, path string) error {
	if err := Sync(temporary); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return Sync(filepath.Dir(path))
}

// Sync flushes a file or folder to disk.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
