package rundir

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"ergon/internal/atomicfile"
)

// WholeLines stands for the length of the lines that a file has, without one that is not
// complete.
const WholeLines = -1

// Lines is a file to which lines are added.
type Lines struct {
	file   atomicfile.File
	writer *Writer
	size   int64
}

// Lines opens a file for lines after its first so many bytes, or WholeLines, and leaves out
// the rest: what a run wrote that was then killed, after it had been saved. The file is a new
// one with the same content. So what another process writes, which has lost the directory and
// does not know it yet, goes to a file that has no name any more.
func (w *Writer) Lines(name string, length int64) (*Lines, error) {
	files := w.claim.Fence(atomicfile.In(w.root))
	kept, done, err := w.kept(files, name, length)
	if err != nil {
		return nil, err
	}
	temporary := name + atomicfile.Suffix
	f, err := files.Create(temporary)
	if err != nil {
		return nil, errors.Join(err, done())
	}
	l := &Lines{file: f, writer: w}
	if l.size, err = io.Copy(f, kept); err == nil && l.size > 0 {
		err = f.Sync() // or the name could reach the disk before what a state needs
	}
	if err = errors.Join(err, done()); err == nil {
		err = files.Rename(temporary, name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), files.Remove(temporary))
	}
	return l, nil
}

// kept opens, until done is called, what is kept of a file of lines.
func (w *Writer) kept(files fs.FS, name string, length int64) (text io.Reader, done func() error, err error) {
	nothing, none := bytes.NewReader(nil), func() error { return nil }
	if length == 0 {
		return nothing, none, nil
	}
	f, err := files.Open(name)
	if errors.Is(err, fs.ErrNotExist) && length == WholeLines {
		return nothing, none, nil
	} else if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%w, and the file had %d bytes when the run was saved; begin anew with --force", err, length)
	} else if err != nil {
		return nil, nil, err
	}
	if length == WholeLines {
		all, err := io.ReadAll(f)
		return bytes.NewReader(all[:bytes.LastIndexByte(all, '\n')+1]), none, errors.Join(err, f.Close())
	}
	info, err := f.Stat()
	if err == nil && info.Size() < length {
		err = fmt.Errorf("%s has %d bytes, and had %d when the run was saved; begin anew with --force", w.Path(name), info.Size(), length)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return io.LimitReader(f, length), f.Close, nil
}

// Write adds text, unless another process has taken over.
func (l *Lines) Write(text []byte) (int, error) {
	if err := l.writer.Check(); err != nil {
		return 0, err
	}
	n, err := l.file.Write(text)
	l.size += int64(n)
	return n, err
}

// Sync puts what was written on disk.
func (l *Lines) Sync() error { return l.file.Sync() }

// Size returns how many bytes the file has.
func (l *Lines) Size() int64 { return l.size }

// Close closes the file.
func (l *Lines) Close() error { return l.file.Close() }
