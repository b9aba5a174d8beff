// Package bounds is the theory called bounds: the least energies of inference and
// training that thermodynamics allows.
package bounds

import (
	"cmp"
	"context"

	"ergon/energy/bounds"
	"ergon/internal/schema"
	"ergon/theory"
)

// Bounds are the least energies of inference and of training that physics
// allows (Tkachenko, arXiv 2503.09980), for a network that is described or for
// a run.
type Bounds struct {
	Run         string  `key:"run" text:"path" doc:"run directory whose numbers to take instead of all that follow; empty: none"`
	N           float64 `key:"n" doc:"parameters" in:"(0,inf)"`
	NDigital    float64 `key:"n_digital" doc:"parameters that a digital machine meets in an inference, those of a convolution at each of its positions; 0: n" in:"[0,inf)"`
	D           float64 `key:"d" doc:"presentations learned from" in:"(0,inf)"`
	Temperature float64 `key:"temperature" doc:"in K" in:"(0,inf)"`
	Units       float64 `key:"units" doc:"units that are reset after each inference" in:"[0,inf)"`
	PActive     float64 `key:"p_active" doc:"how often a unit is active" in:"[0,1]"`
	R           float64 `key:"r" doc:"squared gradient over its variance, of Eq. 16" in:"[1,inf)"`
}

var _ theory.Theory = (*Bounds)(nil)

// defaultBounds are those of 784-100-10 and an epoch of MNIST.
var defaultBounds = Bounds{N: 79510, D: 60000, Temperature: bounds.RoomTemperature, Units: 110, PActive: 0.5, R: 1}

func init() {
	theory.Theories.Register("bounds", schema.Doc{
		Summary: "the least energy of inference and training, analog and digital, in J",
		Source:  "Tkachenko, arXiv 2503.09980, Eqs. 5, 7, 16, 17",
	}, func() theory.Theory { b := defaultBounds; return &b })
}

// Validate refuses a run together with numbers that replace the run's.
func (b *Bounds) Validate() error {
	own := *b
	if own.Run = ""; b.Run != "" && own != defaultBounds {
		return schema.Fieldf("run", "brings all other numbers; leave them out, or leave out run")
	}
	return nil
}

// Predict implements Theory.
func (b *Bounds) Predict(context.Context) (*theory.Result, error) {
	if b.Run != "" {
		return b.ofRun()
	}
	return b.result(
		bounds.DynamicInference(b.Units, b.PActive, b.Temperature),
		bounds.DynamicInferenceSparse(b.Units, b.PActive, b.Temperature),
	), nil
}

// ofRun returns the bounds of a run, with what it measured.
func (b *Bounds) ofRun() (*theory.Result, error) {
	s, err := theory.ReadRun(b.Run)
	if err != nil {
		return nil, err
	}
	run := s.Energy.Bounds
	own := Bounds{Run: b.Run, N: float64(s.Parameters), NDigital: s.Uses(), D: float64(run.Presentations), Temperature: run.Temperature, Units: float64(run.Units)}
	own.PActive = theory.OrNaN(run.ActiveUnits) / own.Units
	var notes []string
	if run.ActiveUnits == nil {
		notes = append(notes, "the activity of the units was not measured: inference is unknown")
	}
	own.R = s.GradientRatio()
	if run.Gradients == nil {
		notes = append(notes, "the gradients were not sampled: analog training is the infimum, R = 1")
	}
	r := own.result(theory.OrNaN(run.Dynamic), theory.OrNaN(run.DynamicSparse))
	r.Notes = append(r.Notes, notes...)
	r.Params = map[string]any{
		"n": own.N, "n_digital": own.NDigital, "d": own.D, "temperature": own.Temperature, "units": own.Units, "p_active": theory.Known(own.PActive), "r": own.R,
	}
	return r, nil
}

// result lists the bounds. Those of dynamic inference depend on each unit's activity and
// are given.
func (b *Bounds) result(dynamic, sparse float64) *theory.Result {
	t := b.Temperature
	thermal := bounds.Thermal(t)
	uses := cmp.Or(b.NDigital, b.N)
	analog, digital := bounds.AnalogTraining(b.N, b.D, t, b.R), bounds.DigitalTraining(uses, b.D, t)
	r := &theory.Result{
		Scalars: map[string]*float64{
			"kt": theory.Known(thermal), "landauer_bit": theory.Known(bounds.Landauer(t)),
			"dynamic_inference": theory.Known(dynamic), "dynamic_inference_sparse": theory.Known(sparse),
			"analog_training": theory.Known(analog), "digital_training": theory.Known(digital), "ratio": theory.Known(digital / analog),
		},
		Columns: []string{"joules", "kt"},
		Notes: []string{
			"inference: each of one presentation; training: of all presentations; in J and in kT",
			"sparse and rounded forms are approximations of the line before them",
			"digital: N is n_digital, as a convolution multiplies by its parameters at each position; analog: N is n",
		},
	}
	for _, rung := range []struct {
		label  string
		joules float64
	}{
		{"quasi-static inference (Eq. 7)", bounds.QuasiStaticInference},
		{"dynamic analog inference (Eq. 5)", dynamic},
		{"dynamic analog inference, sparse form (Eq. 5)", sparse},
		{"digital inference (2 N operations)", bounds.DigitalInference(uses, t)},
		{"analog training (Eq. 16)", analog},
		{"digital training (Eq. 17)", digital},
		{"digital training, rounded (Eq. 17)", bounds.DigitalTrainingRounded(uses, b.D, t)},
	} {
		r.Labels = append(r.Labels, rung.label)
		r.Rows = append(r.Rows, []float64{rung.joules, rung.joules / thermal})
	}
	return r
}
