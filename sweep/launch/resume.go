package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
)

// Resumed is what [Sweep.Resume] found, and what it did about it.
type Resumed struct {
	Handed
	Status *Status `json:"-"` // before
	Packs  Ranges  `json:"-"` // that were submitted
}

// Resume has the packs run that have missing cells and are in nobody's hand. With o.Retry,
// cells that failed are missing, too.
func (s *Sweep) Resume(ctx context.Context, on string, o Options) (r Resumed, err error) {
	l, err := NewLauncher(on, o)
	if err != nil {
		return r, err
	}
	release, err := s.Hold()
	if err != nil {
		return r, err
	}
	defer release()
	if err := s.unchanged(); err != nil {
		return r, err
	}
	if o.Retry && !o.DryRun {
		if _, err := s.Retry(); err != nil {
			return r, err
		}
	}
	if r.Status, err = s.Status(ctx); err != nil {
		return r, err
	}
	r.On, r.Packs = on, r.Status.Packs()
	for _, note := range r.Status.Notes {
		if on == "slurm" {
			return r, fmt.Errorf("%s; ask again, or go on elsewhere: --on local", note)
		}
		o.Watch.note(note)
	}
	if len(r.Packs) == 0 {
		return r, nil
	}
	if _, here := l.(local); !here && s.list.Pack == 0 {
		if err := s.Time(ctx, o.Watch.note); err != nil {
			return r, err
		}
		if r.Status, err = s.Status(ctx); err != nil { // packs are others now
			return r, err
		}
		if r.Packs = r.Status.Packs(); len(r.Packs) == 0 {
			return r, nil
		}
	}
	r.Handed, err = l.Submit(ctx, s, r.Packs)
	return r, err
}

// unchanged is an error if another call has listed the sweep anew since this one read the list:
// packs may be others now. The sweep is held.
func (s *Sweep) unchanged() error {
	now, err := readList(s.Folder)
	if err != nil {
		return err
	}
	there, err := now.text()
	if err != nil {
		return err
	}
	if here, err := s.list.text(); err != nil || !bytes.Equal(here, there) {
		return errors.Join(err, fmt.Errorf("%s was submitted by another call meanwhile; `ergon sweep status %s` says how far it is", s.Folder, s.Folder))
	}
	return nil
}

// note passes on a remark.
func (w Watch) note(text string) {
	if w.Note != nil {
		w.Note(text)
	}
}

// idle is an error while others have cells of the sweep in hand.
func (s *Sweep) idle() error {
	st, err := s.Status(context.Background())
	if err != nil {
		return err
	}
	if len(st.Notes) > 0 {
		return fmt.Errorf("%s is submitted already, and %s; --force begins it anew", s.Folder, strings.Join(st.Notes, "; "))
	}
	if n := st.Running + st.Waiting; n > 0 {
		return fmt.Errorf("%s is submitted already, and %d of its cells are queued or run: wait for them, or cancel their tasks", s.Folder, n)
	}
	return nil
}
