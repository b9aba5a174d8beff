// Package bounded reads files that somebody else may have written: plain files only, none
// larger than it can be, none outside of the folder that it is looked for in. A pipe without
// a writer, a device without an end or a link to another place is an error at once.
package bounded

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Error says why a file is not read.
type Error struct {
	Path    string
	Problem string // lower case, no full stop
}

func (e *Error) Error() string { return e.Path + ": " + e.Problem }

// tooLong is the error of a file that has more than it may.
func tooLong(path string, most int64) error {
	return &Error{path, fmt.Sprintf("has more than the %d bytes allowed", most)}
}

// reading opens a file without waiting for who would write to it, if it is a pipe.
const reading = os.O_RDONLY | syscall.O_NONBLOCK

// File returns the content of the plain file at path, of at most so many bytes.
func File(path string, most int64) ([]byte, error) {
	f, err := os.OpenFile(path, reading, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return plain(f, path, most)
}

// FileIn is File for a file of a folder, out of which no link leads.
func FileIn(folder, name string, most int64) ([]byte, error) {
	f, err := open(folder, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return plain(f, filepath.Join(folder, name), most)
}

// Named is File for a file that the user has named, which may be what a shell calls <(…):
// a pipe in /dev, and then no more of it is read than most.
func Named(path string, most int64) ([]byte, error) {
	if !strings.HasPrefix(filepath.ToSlash(filepath.Clean(path)), "/dev/") {
		return File(path, most)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Stream(f, path, most)
}

// Stream returns what r has, at most so many bytes, and calls it name in errors.
func Stream(r io.Reader, name string, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(text)) > most {
		return nil, tooLong(name, most)
	}
	return text, nil
}

// open opens a file of a folder. Its errors have the whole path.
func open(folder, name string) (*os.File, error) {
	root, err := os.OpenRoot(folder)
	if info, failed := os.Stat(folder); err != nil && failed == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: filepath.Join(folder, name), Err: syscall.ENOTDIR}
	} else if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.OpenFile(name, reading, 0)
	failed, ok := errors.AsType[*fs.PathError](err)
	if info, there := root.Lstat(name); ok && there == nil && info.Mode()&fs.ModeSymlink != 0 && !errors.As(failed.Err, new(syscall.Errno)) {
		return nil, &Error{filepath.Join(folder, name), "is a link that leads out of the folder, and is not followed"}
	} else if ok {
		return nil, &fs.PathError{Op: "open", Path: filepath.Join(folder, name), Err: failed.Err}
	}
	return f, err
}

// plain reads an open file to its end.
func plain(f *os.File, path string, most int64) ([]byte, error) {
	size, err := plainSize(f, path)
	if err != nil {
		return nil, err
	}
	if size > most {
		return nil, &Error{path, fmt.Sprintf("has %d bytes, more than the %d allowed", size, most)}
	}
	var text bytes.Buffer
	text.Grow(int(size) + bytes.MinRead) // so that it does not grow
	switch n, err := text.ReadFrom(io.LimitReader(f, most+1)); {
	case err != nil:
		return nil, err
	case n > most: // it grows, or is a file of the system, whose size is said to be 0
		return nil, tooLong(path, most)
	}
	return text.Bytes(), nil
}

// plainSize returns the size of an open file, and an error if it is anything but a file.
func plainSize(f *os.File, path string) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if kind := kindOf(info.Mode()); kind != "" {
		return 0, &Error{path, "is " + kind + " and no file"}
	}
	return info.Size(), nil
}

// kindOf says what is not a plain file; empty: it is one.
func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return ""
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
