package checkpoint

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ergon/internal/atomicfile"
	"ergon/internal/safetensors"
)

// Store is the checkpoints of one run, in a folder that may have other files. It is
// used by one process, and one goroutine, at a time.
type Store struct {
	fsys   atomicfile.FS
	folder string // its path, for messages
	keep   int
	whole  string // the newest file that is known to be whole; empty if none is
}

// Open opens the files of a folder of that path, and removes what a killed process has left
// half-written. Of the checkpoints that will be written the last keep are kept. Who must not
// write any more, since another has taken over, is stopped by an FS whose calls fail.
func Open(fsys atomicfile.FS, folder string, keep int) (*Store, error) {
	if keep < 1 {
		return nil, fmt.Errorf("%s: %d checkpoints are to be kept, and at least 1 must be", folder, keep)
	}
	s := &Store{fsys: fsys, folder: folder, keep: keep}
	files, err := s.list()
	if err != nil {
		return nil, err
	}
	return s, s.remove(files, func(f file) bool { return f.part })
}

// Write writes a checkpoint and then removes those that are no longer kept: all of
// later steps, which the run has not made now, and the oldest. After an error the
// checkpoint that was the newest is there and whole, or the new one is.
func (s *Store) Write(c *Checkpoint) error {
	name := fileName(c.Step)
	if err := s.write(name, c); err != nil {
		return fmt.Errorf("%s is not saved: %w%s", filepath.Join(s.folder, name), err, s.lastGood())
	}
	s.whole = name
	if err := s.prune(c.Step); err != nil {
		return fmt.Errorf("%s is written, and the files that are no longer kept are not removed: %w", filepath.Join(s.folder, name), err)
	}
	return nil
}

// prune removes what is no longer kept when a step's checkpoint is the newest.
func (s *Store) prune(step int) error {
	files, err := s.list()
	if err != nil {
		return err
	}
	kept := 0
	return s.remove(files, func(f file) bool {
		if f.part || f.step > step {
			return true
		}
		kept++
		return kept > s.keep
	})
}

func (s *Store) write(name string, c *Checkpoint) error {
	metadata, arrays, err := c.contents()
	if err != nil {
		return err
	}
	if err := seal(metadata, arrays); err != nil {
		return err
	}
	return atomicfile.WriteTo(s.fsys, name, func(w io.Writer) error { return safetensors.Write(w, metadata, arrays) })
}

// lastGood says which checkpoint there is, if there is one.
func (s *Store) lastGood() string {
	if s.whole == "" {
		return ""
	}
	return fmt.Sprintf(" (%s is whole: a run can go on from there)", s.whole)
}

// Latest returns the newest checkpoint that is whole, nil if there is none. skipped
// says what is wrong with newer ones. Only one that a newer version of the program has
// written is not skipped but an error, which is ErrNewer.
func (s *Store) Latest() (c *Checkpoint, skipped []error, err error) {
	files, err := s.list()
	if err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		if f.part {
			continue
		}
		c, err := s.load(f)
		if err == nil {
			s.whole = f.name
			return c, skipped, nil
		}
		err = fmt.Errorf("%s: %w", filepath.Join(s.folder, f.name), err)
		if errors.Is(err, ErrNewer) {
			return nil, skipped, err
		}
		skipped = append(skipped, err)
	}
	return nil, skipped, nil
}

func (s *Store) load(f file) (*Checkpoint, error) {
	if !f.plain {
		return nil, errors.New("no plain file")
	}
	in, err := s.fsys.Open(f.name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	at, ok := in.(io.ReaderAt)
	if !ok {
		return nil, errors.New("cannot be read at any place")
	}
	c, err := read(at, info.Size())
	if err == nil && c.Step != f.step {
		err = fmt.Errorf("the checkpoint is of step %d: the file has been renamed", c.Step)
	}
	return c, err
}

// Clear removes all checkpoints.
func (s *Store) Clear() error {
	files, err := s.list()
	if err != nil {
		return err
	}
	s.whole = ""
	return s.remove(files, func(file) bool { return true })
}

// remove removes some of the files, and sees to it that they stay removed.
func (s *Store) remove(files []file, which func(file) bool) error {
	removed := false
	for _, f := range files {
		if !f.plain || !which(f) {
			continue
		}
		if err := s.fsys.Remove(f.name); err != nil {
			return err
		}
		removed = true
	}
	if !removed {
		return nil
	}
	return s.fsys.Sync(".")
}

// file is a file of the folder that a store has written, or has begun to.
type file struct {
	name  string
	step  int
	part  bool // not finished
	plain bool // no folder, link or pipe
}

// fileName is the name of the checkpoint of a step.
func fileName(step int) string { return fmt.Sprintf("step-%06d.safetensors", step) }

// list returns the files, the latest steps first.
func (s *Store) list() ([]file, error) {
	entries, err := fs.ReadDir(s.fsys, ".")
	if err != nil {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		name, part := strings.CutSuffix(e.Name(), atomicfile.Suffix)
		var step int
		if _, err := fmt.Sscanf(name, "step-%d.safetensors", &step); err == nil && name == fileName(step) {
			files = append(files, file{e.Name(), step, part, e.Type().IsRegular()})
		}
	}
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(b.step, a.step) })
	return files, nil
}
