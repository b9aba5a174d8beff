package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"ergon/internal/bounded"
	"ergon/internal/folderlock"
)

// submittedFile lists what was submitted, the oldest first.
const submittedFile = "submitted.json"

// Submission is work that was handed to a launcher.
type Submission struct {
	On    string    `json:"on"`            // launcher
	Job   string    `json:"job,omitempty"` // the scheduler's name for it; "": it has none
	Packs string    `json:"packs"`         // as 0-9,12: task i has the i-th of them
	Pack  int       `json:"pack"`          // cells of a pack
	Jobs  int       `json:"jobs"`          // cells at the same time in a task
	Time  time.Time `json:"time"`
}

// packs returns the packs of the tasks.
func (b *Submission) packs(s *Sweep) (Ranges, error) {
	r, err := ParseRanges(b.Packs, s.Packs()-1)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(submittedFile), err)
	}
	return r, nil
}

// newSubmission describes packs that are handed to a launcher.
func (s *Sweep) newSubmission(on string, packs Ranges, jobs int) Submission {
	return Submission{On: on, Packs: packs.String(), Pack: s.pack(), Jobs: jobs, Time: time.Now().UTC()}
}

// submissions returns what was submitted.
func (s *Sweep) submissions() (all []Submission, err error) {
	text, err := s.read(submittedFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := bounded.JSON(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(submittedFile), err)
	}
	return all, nil
}

// record adds a submission to the list. The sweep must be held.
func (s *Sweep) record(b Submission) error {
	all, err := s.submissions()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(append(all, b), "", "  ")
	if err != nil {
		return err
	}
	return s.write(append(text, '\n'), submittedFile)
}

// lockPatience is how long another's look at the lock may take.
const lockPatience = 500 * time.Millisecond

// Hold keeps others from submitting work of the sweep until release is called.
func (s *Sweep) Hold() (release func(), err error) {
	if err := s.make(); err != nil {
		return nil, err
	}
	for end := time.Now().Add(lockPatience); ; time.Sleep(lockPatience / 20) {
		unlock, err := folderlock.Acquire(s.path())
		if err == nil {
			s.holding = true
			return func() { s.holding = false; unlock() }, nil
		}
		if !errors.Is(err, folderlock.ErrHeld) {
			return nil, err
		}
		if time.Now().After(end) {
			return nil, fmt.Errorf("%s is being submitted, or runs on this machine, by another process (wait for it)", s.Folder)
		}
	}
}

// held says whether another process holds the sweep: the local launcher does while it runs.
func (s *Sweep) held() bool {
	if s.holding {
		return false
	}
	release, err := folderlock.AcquireShared(s.path())
	if err == nil {
		release()
	}
	return errors.Is(err, folderlock.ErrHeld)
}
