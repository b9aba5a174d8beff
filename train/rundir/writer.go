package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"ergon/internal/atomicfile"
	"ergon/internal/claim"
	"ergon/internal/folderlock"
)

var (
	// ErrHeld is the error of a directory into which another process writes now.
	ErrHeld = claim.ErrHeld
	// ErrLost is the error of a writer whose directory another process has taken over.
	ErrLost = claim.ErrLost
)

// Found is what a run's directory holds when it is opened.
type Found int

// From the emptiest to the fullest. A directory in which a run began and left nothing
// that can be gone on from is Unfinished, too: whoever opens it finds no checkpoint.
const (
	Nothing Found = iota
	Unfinished
	Finished // the summary says how the run ended, other than by a signal or an error
)

// Writer is a run's directory, claimed for this process. Nothing outside of it is
// written, whatever links lie in it, and nothing in it once another process has taken over:
// its methods then return ErrLost.
type Writer struct {
	Directory
	Found Found // when it was opened

	root   *os.Root
	claim  *claim.Claim
	unlock func() // for programs from before there were claims
}

// Open makes the directory of a run, claims it until Close is called, and
// says what is there. Files that no run has left are an error. With force, the files of the
// run that is there are removed, and only those; Nothing is then found.
func Open(path string, force bool) (*Writer, error) {
	return open(path, refusal, func(w *Writer) error {
		w.Found = foundIn(w.Directory)
		if force {
			return w.Clear()
		}
		return nil
	})
}

// OpenCell is Open for a directory that is a run's by its place, as a benchmark's cell is.
// Files of others stay where they are.
func OpenCell(path string, force bool) (*Writer, error) {
	return open(path, func(string) error { return nil }, func(w *Writer) error {
		if w.Found = foundIn(w.Directory); w.Found == Nothing || force {
			return w.Clear()
		}
		return nil
	})
}

// open makes and claims the directory, unless it is refused, and looks into it.
func open(path string, refuse func(path string) error, look func(*Writer) error) (*Writer, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, unusable(path, err)
	}
	if err := refuse(path); err != nil { // before anything is written there
		return nil, err
	}
	unlock, err := shareLock(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		unlock()
		return nil, unusable(path, err)
	}
	c, err := claim.Take(root)
	if err != nil {
		unlock()
		return nil, errors.Join(err, root.Close())
	}
	w := &Writer{Directory: Directory(path), root: root, claim: c, unlock: unlock}
	err = refuse(path)
	if err == nil {
		err = w.sweep()
	}
	if err == nil {
		err = look(w)
	}
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// shareLock keeps those out who know no claims: earlier versions, which lock the directory for
// themselves. Those who know claims share the lock, so that one can take over from another.
func shareLock(path string) (unlock func(), err error) {
	unlock, err = folderlock.AcquireShared(path)
	if errors.Is(err, folderlock.ErrHeld) {
		return nil, fmt.Errorf("%s: %w: an earlier version of the program (wait for it)", path, ErrHeld)
	}
	return unlock, err
}

// Close gives the directory up.
func (w *Writer) Close() error {
	defer w.unlock()
	return errors.Join(w.claim.Release(), w.root.Close())
}

// Lost is ErrLost if it is known already that another process has taken over. It costs nothing.
func (w *Writer) Lost() error { return w.claim.Lost() }

// Check is ErrLost if another process has taken over.
func (w *Writer) Check() error { return w.claim.Check() }

// Clear removes the files of the run, so that it can begin anew.
func (w *Writer) Clear() error {
	names, err := w.States()
	if err != nil {
		return w.failed(err)
	}
	for _, name := range append(names, runFiles...) {
		if err := w.Remove(name); err != nil {
			return w.failed(err)
		}
	}
	w.Found = Nothing
	return nil
}

// Remove removes a file, if it is there.
func (w *Writer) Remove(name string) error {
	err := w.claim.Fence(atomicfile.In(w.root)).Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// sweep removes what those who wrote here before have left half-written. What one of them
// is about to rename, not knowing yet that it has lost the directory, is then gone.
func (w *Writer) sweep() error {
	for _, folder := range []string{".", CheckpointsFolder} {
		entries, err := fs.ReadDir(w.root.FS(), folder)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return w.failed(atomicfile.Named(w.root, err))
		}
		for _, e := range entries {
			name := filepath.Join(folder, e.Name())
			if !isUnfinished(name) && !claim.IsProbe(name) {
				continue
			}
			if err := w.Check(); err != nil {
				return err
			}
			if err := w.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return w.failed(atomicfile.Named(w.root, err))
			}
		}
	}
	return nil
}

// failed is the error of a directory in which files cannot be removed.
func (w *Writer) failed(err error) error {
	if errors.Is(err, ErrLost) {
		return err
	}
	return unusable(string(w.Directory), err)
}

// isUnfinished says whether a file, by its name from the run's directory, is one of a run
// that is not whole.
func isUnfinished(name string) bool {
	whole := claim.Unfinished(name)
	state, _ := filepath.Match(filepath.Join(CheckpointsFolder, StatePattern), whole)
	return state || slices.Contains(runFiles, whole)
}

// Folder opens a folder of the directory, which is made, until done is called.
func (w *Writer) Folder(name string) (files atomicfile.FS, done func() error, err error) {
	if err := w.Check(); err != nil {
		return nil, nil, err
	}
	if err := w.root.MkdirAll(name, 0o755); err != nil {
		return nil, nil, atomicfile.Named(w.root, err)
	}
	root, err := w.root.OpenRoot(name)
	if err != nil {
		return nil, nil, atomicfile.Named(w.root, err)
	}
	return w.claim.Fence(atomicfile.In(root)), root.Close, nil
}

// inFolder opens the folder of a file, by its name from the run's directory, for use.
func (w *Writer) inFolder(name string, use func(files atomicfile.FS, name string) error) error {
	folder, base := filepath.Split(name)
	if folder == "" {
		return use(w.claim.Fence(atomicfile.In(w.root)), base)
	}
	files, done, err := w.Folder(filepath.Clean(folder))
	if err != nil {
		return err
	}
	return errors.Join(use(files, base), done())
}

// WriteWith writes a file, whole or not at all, with the content produced by fill.
func (w *Writer) WriteWith(name string, fill func(io.Writer) error) error {
	return w.inFolder(name, func(files atomicfile.FS, name string) error { return atomicfile.WriteTo(files, name, fill) })
}

// Write writes a file, whole or not at all.
func (w *Writer) Write(name string, text []byte) error {
	return w.WriteWith(name, func(to io.Writer) error {
		_, err := to.Write(text)
		return err
	})
}

// WriteJSON writes value as an indented JSON file, whole or not at all.
func (w *Writer) WriteJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return w.Write(name, append(text, '\n'))
}
