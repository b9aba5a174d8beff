// Package ladder is the theory called ladder: what a run took, as measured and as
// modelled, above its thermodynamic bounds.
package ladder

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"ergon/energy/bounds"
	"ergon/internal/schema"
	"ergon/theory"
)

// Ladder lists the energies of a run, the highest first: as measured, as modelled by a
// price table, and as bounded by thermodynamics.
type Ladder struct {
	Run string `key:"run" text:"path" doc:"run directory"`
}

var (
	_ theory.Theory = (*Ladder)(nil)
	_ theory.Drawer = (*Ladder)(nil)
)

func init() {
	theory.Theories.Register("ladder", schema.Doc{
		Summary: "what a run took, measured and modelled, over its thermodynamic bounds, in J; --plot draws it",
		Source:  "Tkachenko, arXiv 2503.09980; Goldt & Seifert 2017, Phys. Rev. Lett. 118, 010601; Seroussi et al., arXiv 2307.14653",
	}, func() theory.Theory { return &Ladder{} })
}

// Validate refuses settings without a run.
func (l *Ladder) Validate() error {
	if l.Run == "" {
		return schema.Fieldf("run", "is empty; name a run directory: ergon theory ladder RUN")
	}
	return nil
}

// How the energy of a rung is known: the column known_by.
const (
	rungBounded  = 0.0
	rungModelled = 1.0
	rungMeasured = 2.0
)

// Predict implements Theory.
func (l *Ladder) Predict(context.Context) (*theory.Result, error) {
	s, err := theory.ReadRun(l.Run)
	if err != nil {
		return nil, err
	}
	r := &theory.Result{
		Columns: []string{"joules", "joules_per_presentation", "known_by"},
		Notes: []string{
			"training: joules of the whole run, and over the presentations it learned from; inference: joules of one presentation",
			"modelled: passes, sampling, updates and keeping the synapses; learning alone leaves the keeping out",
			"known_by: 0 a bound, 1 a model (counts times a price table), 2 a meter; an empty cell is unknown",
		},
	}
	addTraining(r, s)
	addInference(r, s)
	return r, nil
}

// addTraining adds the rungs of the whole run, in the order in which they are
// expected, the highest first.
func addTraining(r *theory.Result, s *theory.RunSummary) {
	b := s.Energy.Bounds
	n, d, t := float64(s.Parameters), float64(b.Presentations), b.Temperature
	add := func(label string, joules, known float64) {
		r.Labels = append(r.Labels, "training: "+label)
		r.Rows = append(r.Rows, []float64{joules, joules / d, known})
	}
	if m := s.Energy.Measured; m != nil {
		add("measured, "+m.Source, theory.OrNaN(m.Joules), rungMeasured)
	} else {
		add("measured", math.NaN(), rungMeasured)
		r.Notes = append(r.Notes, "measured: "+cmp.Or(s.Energy.NotMeasured, "the run does not say why it is unknown"))
	}
	for _, table := range slices.Sorted(maps.Keys(s.Energy.Model)) {
		model := s.Energy.Model[table]
		if model.Unit != "" && model.Unit != "J" {
			r.Notes = append(r.Notes, fmt.Sprintf("%s counts %s, not joules, and has no rung", table, model.Unit))
			continue
		}
		if model.File != "" {
			r.Notes = append(r.Notes, table+": prices of "+model.File+" as it was when the run began, SHA-256 "+model.SHA256)
		}
		add("modelled, "+table, model.Whole(), rungModelled)
		add("modelled, learning alone, "+table, model.Learning(), rungModelled)
		for _, unknown := range model.Unknown() {
			r.Notes = append(r.Notes, table+": "+unknown)
		}
	}
	add("digital bound (Eq. 17)", bounds.DigitalTraining(s.Uses(), d, t), rungBounded)
	analog := "analog bound (Eq. 16)"
	if b.Gradients == nil {
		analog = "analog bound (Eq. 16, R = 1)" // no gradients were sampled
	}
	add(analog, bounds.AnalogTraining(n, d, t, s.GradientRatio()), rungBounded)
	add("erasure of the weights written (Landauer)", b.Erasure, rungBounded)
	addLearning(r, s, add)
}

// addInference adds the rungs of one presentation.
func addInference(r *theory.Result, s *theory.RunSummary) {
	b := s.Energy.Bounds
	for _, rung := range []struct {
		label  string
		joules float64
	}{
		{"digital bound", bounds.DigitalInference(s.Uses(), b.Temperature)},
		{"dynamic analog bound (Eq. 5)", theory.OrNaN(b.Dynamic)},
		{"quasi-static bound (Eq. 7)", bounds.QuasiStaticInference},
	} {
		r.Labels = append(r.Labels, "inference: "+rung.label)
		r.Rows = append(r.Rows, []float64{rung.joules, rung.joules, rungBounded})
	}
	if b.Dynamic == nil {
		r.Notes = append(r.Notes, "dynamic analog bound: the activity of the units was not measured")
	}
}
