package ladder

import (
	"cmp"
	"math"

	"ergon/energy/bounds"
	"ergon/theory"
)

// addLearning adds the rungs of the way that the weights went and of what they learned, in
// an analog network whose threshold temperature is the run's: kT* of the loss is then kT of
// the bath, and the work W takes W/kT* of them.
func addLearning(r *theory.Result, s *theory.RunSummary, add func(label string, joules, known float64)) {
	b := s.Energy.Bounds
	thermal, work := bounds.Thermal(b.Temperature), s.WorkAtThreshold()
	add("work dissipated, at kT* = kT (Eq. 15)", work*thermal, rungBounded)
	add("speed limit of the way, at kT* = kT", theory.OrNaN(s.SpeedEfficiency)*work*thermal, rungBounded)
	add("information learned (Goldt & Seifert)", bounds.Information(float64(b.Presentations), theory.OrNaN(s.Information), b.Temperature), rungBounded)
	const silent = "the run does not say why it is unknown"
	if math.IsNaN(work) {
		r.Notes = append(r.Notes, "work dissipated: "+cmp.Or(s.Energy.NoWork, "kT*, or the work itself, is not known"))
	}
	if s.SpeedEfficiency == nil {
		r.Notes = append(r.Notes, "speed limit: "+cmp.Or(s.NoSpeedEfficiency, silent))
	}
	if s.Information == nil {
		r.Notes = append(r.Notes, "information: "+cmp.Or(s.NoInformation, silent))
	}
}
