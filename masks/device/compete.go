package device

import (
	"errors"

	"ergon/internal/gpu"
	"ergon/masks"
)

// compete queues the competitions of a phase. Each network has at most one mask in a
// phase, so their order does not matter.
func (u *Updater) compete(r phase, p Presentation) error {
	a := competitionArgs{update: u.update, competitions: u.competitions.records, entries: r.entries, columns: u.competitions.columns}
	if s := r.kinds[masks.OfSynapses]; s.end > 0 {
		for a.pass = range uint32(competitionPasses) {
			if err := u.launchCompetitions("count_keys", u.Chunks(), a); err != nil {
				return err
			}
			if err := u.launchDecisions("narrow_contests", s, a); err != nil {
				return err
			}
		}
	}
	if r.kinds[masks.PerUnit].end > 0 {
		if err := u.launchCompetitions("decide_columns", u.competitions.groups, a); err != nil {
			return err
		}
	}
	if s := r.kinds[masks.OfUnits]; s.end > 0 {
		if err := u.measureUnits(r, p, a); err != nil {
			return err
		}
		return u.launchDecisions("decide_units", s, a)
	}
	return nil
}

var errNotOnDevice = errors.New("masks: competition by activity or error needs the batch's activities and errors on the device, a pointer for each layer")

// measureUnits queues the sums of |activity| or |error| by which units compete, layer
// by layer.
func (u *Updater) measureUnits(r phase, p Presentation, a competitionArgs) error {
	if r.marked {
		if err := u.launchCompetitions("mark_units", u.Chunks(), a); err != nil {
			return err
		}
	}
	if p.Batch < 1 || len(p.Activity) != len(u.chunkEnds) || len(p.Errors) != len(u.chunkEnds)-1 {
		return errNotOnDevice
	}
	a.batch = uint32(p.Batch)
	for array, s := range u.all {
		if s.Bias {
			continue
		}
		a.array = uint32(array)
		for byError, values := range [][]gpu.Pointer{p.Activity[1:], p.Errors} {
			a.values, a.byError = values[s.Layer], uint32(byError)
			if !r.by[byError] {
				continue
			}
			if err := u.launchCompetitions("add_up_units", gpu.Blocks(s.Out), a); err != nil {
				return err
			}
		}
	}
	return nil
}

// launchCompetitions queues a kernel with x blocks for each network.
func (u *Updater) launchCompetitions(kernel string, x int, a competitionArgs) error {
	return gpu.Launch(u.device, kernel, x, len(u.rules), a)
}

// launchDecisions queues a kernel with a block for each competition of a span.
func (u *Updater) launchDecisions(kernel string, s span, a competitionArgs) error {
	a.first = uint32(s.first)
	return gpu.Launch(u.device, kernel, s.end-s.first, 1, a)
}
