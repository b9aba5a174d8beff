package meter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Meter is the counters that measure a run.
type Meter struct {
	Counters []Counter
	Missing  []string // what else could measure it but is not there, and why
}

// kind is a kind of meter.
type kind struct {
	name string
	// open returns the counters of what a run computes on, with notes on those
	// that are left out. gpu is the name of the run's GPU, or "".
	open func(gpu string) (counters []Counter, notes []string, err error)
	// suits says whether there is something for it to measure in a run.
	suits func(gpu string) bool
}

// kinds are filled by the kinds' own files.
var kinds []kind

func register(k kind) {
	kinds = append(kinds, k)
	slices.SortFunc(kinds, func(a, b kind) int { return strings.Compare(b.name, a.name) }) // the processor's first
}

// Open opens the meter of a run: a kind by name, auto for whatever there is, or
// none. gpu is the name of the GPU that the run computes on, as its driver has
// it, or "". Auto that finds nothing is a meter that says why; a kind that was
// asked for by name and cannot measure is an error.
func Open(name, gpu string) (*Meter, error) {
	m := new(Meter)
	known := name == "auto" || name == "none"
	for _, k := range kinds {
		known = known || name == k.name
		if name != k.name && (name != "auto" || !k.suits(gpu)) {
			continue
		}
		counters, notes, err := k.open(gpu)
		if err != nil && name != "auto" {
			return nil, err
		}
		if err != nil {
			notes = append(notes, err.Error())
		}
		m.Counters, m.Missing = append(m.Counters, counters...), append(m.Missing, notes...)
	}
	if !known {
		return nil, fmt.Errorf("unknown meter %q (meters: auto, none%s)", name, listed())
	}
	return m, nil
}

// listed is the names of the kinds, each after a comma.
func listed() (text string) {
	for _, k := range kinds {
		text += ", " + k.name
	}
	return text
}

// reason says why a meter without counters does not measure.
func (m *Meter) reason() string {
	if len(m.Missing) == 0 {
		return "no meter was asked for (energy.meter)"
	}
	return strings.Join(m.Missing, "; ")
}

// Finding is what a kind of meter is on this machine.
type Finding struct {
	Kind     string
	Counters string // those there are; empty: none
	Notes    []string
	Err      error // why there are none
}

// Survey looks for every kind of meter.
func Survey() (all []Finding) {
	for _, k := range kinds {
		counters, notes, err := k.open(anyGPU)
		var found []string
		for _, c := range counters {
			found = append(found, c.Name)
		}
		all = append(all, Finding{k.name, strings.Join(found, ", "), notes, err})
	}
	return all
}

// anyGPU stands for the name of a GPU where every one will do.
const anyGPU = "*"

// ErrNoHardware is the error of a kind whose hardware is not there.
var ErrNoHardware = errors.New("not on this machine")
