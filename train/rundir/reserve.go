package rundir

// Reserve is the balance of a run that pays for its updates (rule.gate reserve):
// initial + income - spent = left, which is never below 0.
type Reserve struct {
	Initial float64 `json:"initial"`
	Income  float64 `json:"income"` // of all presentations
	Spent   float64 `json:"spent"`  // cost_m0·M0 + cost_m1·M1
	Left    float64 `json:"left"`
	Refused int64   `json:"refused"` // updates that were computed, and not made, since left was not enough
}
