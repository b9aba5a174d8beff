package sweep

import "ergon/internal/schema"

// reservation is a setting that a benchmark makes itself.
type reservation struct {
	path string // with all that is below it
	by   string // what makes it: the benchmark's key, or a flag
}

// reservedAlways are the settings that every benchmark makes itself.
var reservedAlways = []reservation{
	{"seed", "seeds"},
	{"train.goals", "goals"},
	{"likelihood.goals", "likelihood"},
	{"engine.threads", "--jobs: one thread a run"},
	{"out", "--out"},
}

// reserved lists the settings that this benchmark makes itself.
func (b *Bench) reserved() []reservation {
	all := reservedAlways[:len(reservedAlways):len(reservedAlways)]
	if b.Budget > 0 {
		for _, path := range []string{"train.epochs", "train.max_steps", "train.max_presentations"} {
			all = append(all, reservation{path, "budget"})
		}
	}
	if b.Stop {
		all = append(all, reservation{"train.stop_at", "goals, unless stop is false, and a search by rungs"})
	}
	return all
}

// refuse returns the problem with setting a path that is reserved, lies below
// one that is, or would set one along with others; nil if there is none. What
// was set there would be lost without a word.
func refuse(path string, reserved []reservation) *schema.Error {
	for _, r := range reserved {
		switch {
		case !related(path, r.path):
		case len(path) >= len(r.path):
			return &schema.Error{Path: path, Problem: "cannot be set for single cells", Hint: "a benchmark sets it by " + r.by}
		default:
			return &schema.Error{
				Path: path, Problem: "cannot be set as a whole, it holds " + r.path,
				Hint: "a benchmark sets that by " + r.by + "; set the other keys of " + path + " one by one",
			}
		}
	}
	return nil
}

// checkReserved refuses settings that the benchmark makes itself.
func (b *Bench) checkReserved(settings []Setting) error {
	var problems schema.Errors
	for _, s := range settings {
		if p := refuse(s.Path, b.reserved()); p != nil {
			p.File, p.Line = s.place()
			problems = append(problems, p)
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

// place returns where a setting was given, as messages have it.
func (s *Setting) place() (file string, line int) {
	if s.File == "" {
		return schema.CommandLine, 0
	}
	return s.File, s.Line
}
