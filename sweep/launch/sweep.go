package launch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"ergon/configs"
	"ergon/sweep"
	"ergon/train"
	"ergon/train/rundir"
)

// version is that of this program.
var version = train.Version

// Sweep is a benchmark's folder with the list of its cells.
type Sweep struct {
	Folder string // as an absolute path
	list   *list
	cells  []sweep.Cell // those listed, as this program resolves them; without a config: not yet
	arms   map[string]resolvedArm

	holding bool // by Hold
}

// resolvedArm is a rule at a grid point.
type resolvedArm struct {
	config  *configs.Config
	sources *sweep.Sources
}

// Open opens a sweep's folder.
func Open(folder string) (*Sweep, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	l, err := readList(path)
	if err != nil {
		return nil, err
	}
	return newSweep(path, l)
}

// newSweep returns the sweep of a list.
func newSweep(folder string, l *list) (*Sweep, error) {
	s := &Sweep{Folder: folder, list: l, cells: make([]sweep.Cell, len(l.Cells)), arms: map[string]resolvedArm{}}
	for _, a := range l.Arms {
		config, err := configs.Read([]byte(a.Config), fmt.Sprintf("%s, config of %q", filepath.Join(folder, sweep.SweepFile), a.Label))
		if err != nil {
			return nil, err
		}
		s.arms[a.Label] = resolvedArm{config, a.Sources}
	}
	return s, nil
}

// resolve makes the cells from lo to hi of the list, and checks that they are still what they
// were. A worker need not do so for those of others, which may be very many.
func (s *Sweep) resolve(lo, hi int) error {
	for i := lo; i < hi; i++ {
		if s.cells[i].Config != nil {
			continue
		}
		listed := s.list.Cells[i]
		arm := s.arms[listed.Label]
		c, err := s.list.Bench.Cell(listed.Label, listed.Seed, arm.config)
		if err != nil {
			return err
		}
		if c.Hash != listed.Hash {
			return fmt.Errorf("%s was submitted by version %s, whose configs have other hashes than those of this program (%s): use that one, or submit it anew with --force",
				s.Folder, s.list.Program, version())
		}
		c.Sources = arm.sources
		s.cells[i] = c
	}
	return nil
}

// resolveAll makes all cells.
func (s *Sweep) resolveAll() error { return s.resolve(0, len(s.cells)) }

// Create lists the cells of a benchmark in a folder, for others to run. What is finished
// there stays, and is checked against data and price tables as they are now; with force it
// is removed, as are results of another benchmark. A sweep that is listed already gets the
// launch settings of this call, unless somebody has cells of it in hand.
func Create(folder string, b *sweep.Bench, settings []sweep.Setting, force bool, note func(string)) (*Sweep, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	cells, err := b.Cells(settings)
	if err != nil {
		return nil, err
	}
	asked, err := b.Asked(settings, false)
	if err != nil {
		return nil, err
	}
	l, err := newList(b, asked, cells)
	if err != nil {
		return nil, err
	}
	release, err := sweep.Hold(path)
	if err != nil {
		return nil, err
	}
	defer release()
	if err := asked.Claim(path, cells, force); err != nil {
		return nil, err
	}
	s, err := newSweep(path, l)
	if err != nil {
		return nil, err
	}
	if err := s.resolveAll(); err != nil {
		return nil, err
	}
	if err := s.replace(force); err != nil {
		return nil, err
	}
	if _, err := sweep.Look(s.cells, s.options(note)); err != nil {
		return nil, err
	}
	return s, errors.Join(s.make(), l.write(path))
}

// replace makes room for the sweep: none may be there, unless it is to be replaced.
func (s *Sweep) replace(force bool) error {
	if _, err := os.Stat(filepath.Join(s.Folder, sweep.SweepFile)); err == nil && !force {
		before, err := Open(s.Folder)
		if err != nil {
			return err
		}
		if err := before.idle(); err != nil {
			return err
		}
		if !before.same(s) {
			if err := s.remove(submittedFile); err != nil { // they are of other packs
				return err
			}
		}
	}
	if !force {
		return nil
	}
	for _, c := range s.cells {
		directory := c.Directory(s.Folder)
		if _, err := os.Stat(string(directory)); err != nil {
			continue
		}
		w, err := rundir.OpenCell(string(directory), true)
		if err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return s.remove()
}

// same says whether two sweeps list the same cells.
func (s *Sweep) same(other *Sweep) bool {
	return slices.EqualFunc(s.list.Cells, other.list.Cells, func(a, b listed) bool { return a.Hash == b.Hash })
}

// options are those by which cells of the sweep are run and looked at.
func (s *Sweep) options(note func(string)) sweep.Options {
	return sweep.Options{Out: s.Folder, Shared: true, Note: note}
}

// Enter makes the directory in which the sweep was submitted the working directory, since
// paths in configs are relative to it.
func (s *Sweep) Enter(note func(string)) {
	if err := os.Chdir(s.list.Directory); err != nil {
		here, _ := os.Getwd()
		note(fmt.Sprintf("the sweep was submitted in %s, which is not here (%v); relative paths in its configs are from %s", s.list.Directory, err, here))
	}
	if s.list.Program != version() {
		note(fmt.Sprintf("the sweep was submitted by version %s; this is %s", s.list.Program, version()))
	}
}

// Name returns the benchmark's.
func (s *Sweep) Name() string { return s.list.Bench.Name }
