package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// FS is the files of a folder, and the system calls by which one is written whole.
// Names are as in io/fs; errors name the file.
type FS interface {
	fs.FS
	// Create makes a file that can be written, in the place of one that is there.
	Create(name string) (File, error)
	Rename(from, to string) error
	Remove(name string) error
	// Sync flushes a file, or the names of a folder, to the disk.
	Sync(name string) error
}

// File is a file that is being written.
type File interface {
	io.WriteCloser
	Sync() error
	Stat() (fs.FileInfo, error)
}

// In returns the files of a folder. Nothing outside of it is written, whatever links
// lie in it. The caller closes root when it has no more use for the files.
func In(root *os.Root) FS { return rooted{root} }

type rooted struct{ root *os.Root }

// Open does not wait for who would write to the file, if it is a pipe.
func (r rooted) Open(name string) (fs.File, error) {
	f, err := r.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, r.named(err)
	}
	return f, nil
}

// Create removes what is there rather than writing to it, since a link would lead to
// another file.
func (r rooted) Create(name string) (File, error) {
	const anew = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := r.root.OpenFile(name, anew, 0o644)
	if errors.Is(err, fs.ErrExist) {
		if err := r.Remove(name); err != nil {
			return nil, err
		}
		f, err = r.root.OpenFile(name, anew, 0o644)
	}
	if err != nil {
		return nil, r.named(err)
	}
	return f, nil
}

func (r rooted) Rename(from, to string) error { return r.named(r.root.Rename(from, to)) }
func (r rooted) Remove(name string) error     { return r.named(r.root.Remove(name)) }

func (r rooted) Sync(name string) error {
	f, err := r.root.Open(name)
	if err != nil {
		return r.named(err)
	}
	info, err := f.Stat()
	if err == nil {
		if err = f.Sync(); info.IsDir() && unsupported(err) {
			err = nil
		}
	}
	return errors.Join(err, f.Close())
}

// unsupported tells whether an error says that folders cannot be flushed, as on some
// network file systems: there is then nothing more to do.
func unsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL)
}

// named completes the paths of an error, which begin at the folder.
func (r rooted) named(err error) error { return Named(r.root, err) }

// Named completes the paths of an error of a root's method, which begin at the root.
func Named(root *os.Root, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return &fs.PathError{Op: strings.TrimSuffix(path.Op, "at"), Path: filepath.Join(root.Name(), path.Path), Err: path.Err}
	case errors.As(err, &link):
		return &os.LinkError{Op: strings.TrimSuffix(link.Op, "at"), Old: filepath.Join(root.Name(), link.Old), New: filepath.Join(root.Name(), link.New), Err: link.Err}
	}
	return err
}
