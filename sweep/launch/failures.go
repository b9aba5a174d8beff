package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"ergon/internal/bounded"
	"ergon/sweep"
)

// failedFolder has a file for each cell that failed: why. It is what tells such a cell from
// one whose process was killed, which is only missing.
const failedFolder = "failed"

// failure says why a cell failed.
type failure struct {
	Label string `json:"label"`
	Seed  uint64 `json:"seed"`
	Error string `json:"error"`
	Host  string `json:"host"`
	Task  string `json:"task,omitempty"` // of the scheduler; "": none
}

// recordFailure records why a cell failed.
func (s *Sweep) recordFailure(o *sweep.Outcome) error {
	host, _ := os.Hostname()
	text, err := json.MarshalIndent(failure{o.Label, o.Seed, o.Err.Error(), host, slurmTask()}, "", "  ")
	if err != nil {
		return err
	}
	return s.write(append(text, '\n'), failedFolder, o.Hash+".json")
}

// failures returns those that are recorded, by the cell's hash.
func (s *Sweep) failures() (map[string]*failure, error) {
	entries, err := s.entries(failedFolder)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	all := map[string]*failure{}
	for _, e := range entries {
		hash, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || !hashed.MatchString(hash) {
			continue
		}
		text, err := s.read(failedFolder, e.Name())
		if errors.Is(err, fs.ErrNotExist) {
			continue // a retry that began now
		} else if err != nil {
			return nil, err
		}
		f := new(failure)
		if err := bounded.JSON(text, f); err != nil {
			return nil, fmt.Errorf("%s: %w; remove it, and the cell is missing", s.path(failedFolder, e.Name()), err)
		}
		all[hash] = f
	}
	return all, nil
}

// Retry makes cells that failed missing ones, and returns how many.
func (s *Sweep) Retry() (n int, err error) {
	failures, err := s.failures()
	if err != nil {
		return 0, err
	}
	for hash := range failures {
		if err := s.remove(failedFolder, hash+".json"); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
