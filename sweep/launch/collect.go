package launch

import (
	"errors"

	"ergon/sweep"
)

// Collect reports what is done, as `ergon bench` does of the same cells.
func (s *Sweep) Collect(note func(string)) (*sweep.Report, []sweep.Outcome, error) {
	if err := s.resolveAll(); err != nil {
		return nil, nil, err
	}
	failures, err := s.failures()
	if err != nil {
		return nil, nil, err
	}
	outcomes, err := sweep.Look(s.cells, s.options(note))
	if err != nil {
		return nil, nil, err
	}
	for i := range outcomes {
		if f := failures[outcomes[i].Hash]; f != nil && !outcomes[i].Finished() {
			outcomes[i].Err = errors.New(f.Error)
		}
	}
	report := s.list.Bench.NewReport(outcomes)
	report.Asked = s.list.Asked
	return report, outcomes, nil
}
