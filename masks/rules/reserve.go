package rules

import (
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// Reserve learns on an income (Jiang, Foyard & van Rossum 2024): updates are paid from a
// reserve E, which cannot be overdrawn. In each step of B presentations, in this order,
//
//	the gate is shut if E < threshold
//	E ← E + B·income
//	E ← E - cost_m0·M0 - cost_m1·M1, and the update is made, if that is at least 0
//
// where M0 and M1 are those of the update of the whole network. If E would be below 0 the update
// is refused: nothing changes, as if the gate had been shut, but the backward pass was made.
// So after T presentations
//
//	E = initial + income·T - cost_m0·M0 - cost_m1·M1 ≥ 0
//
// which is how E is computed, from the sums.
type Reserve struct {
	Income        float64 `key:"income" doc:"what a presentation adds to the reserve, learned from or not" in:"[0,inf)"`
	CostM0        float64 `key:"cost_m0" doc:"cost of changing a synapse" in:"[0,inf)"`
	CostM1        float64 `key:"cost_m1" doc:"cost of an amount |Δw| of change, per unit of the weights" in:"[0,inf)"`
	Threshold     float64 `key:"threshold" doc:"what the reserve must hold for a presentation to be learned from; below, there is no backward pass" in:"[0,inf)"`
	Initial       float64 `key:"initial" doc:"what the reserve holds at the start" in:"[0,inf)"`
	Misclassified bool    `key:"misclassified" doc:"learn from misclassified presentations only, as gate lazy does, if the reserve allows"`
}

var (
	_ masks.Paying      = (*Reserve)(nil)
	_ masks.RuleChecker = (*Reserve)(nil)
)

func init() {
	masks.Gates.Register("reserve", schema.Doc{
		Summary: "updates are paid from a reserve that presentations fill",
		Source:  "Jiang, Foyard & van Rossum 2024, PLoS Comput. Biol. 20(10) e1012554",
		Definition: "In each step of B presentations: the gate is shut if the reserve holds less than threshold; the reserve gains B·income; the update is made, and " +
			"cost_m0·M0 + cost_m1·M1 paid, if the reserve holds that. If not, nothing changes, and the step counts as one whose gate was shut, but for its backward pass, which was made.",
	}, func() masks.Gate { return &Reserve{Income: 1000, CostM0: 1} })
}

// Check implements Gate.
func (r *Reserve) Check(net masks.Network) error {
	if !r.Misclassified {
		return nil
	}
	if err := (&Lazy{}).Check(net); err != nil {
		return schema.Fieldf("misclassified", "needs outputs of two or more classes; set false")
	}
	return nil
}

// CheckRule implements RuleChecker: an update that is refused must leave nothing behind.
func (r *Reserve) CheckRule(rule *masks.Rule, net masks.Network) error {
	o, err := rule.Optimizer.New(net, 0, "check")
	if err != nil {
		return err
	}
	_, revocable := o.(masks.Revocable)
	switch {
	case !revocable:
		return schema.Fieldf("rule.optimizer", "%s remembers what a refused update has told it, and rule.gate reserve refuses updates; take sgd", masks.Optimizers.Name(rule.Optimizer))
	case masks.Caches.Name(rule.Cache) != "none":
		return schema.Fieldf("rule.cache", "%s writes something else than the update of the step, and rule.gate reserve pays for that; set none", masks.Caches.Name(rule.Cache))
	case rule.Project != nil && rule.Project.Target() != nil:
		return schema.Fieldf("rule.project", "%s changes weights that nobody pays for, and rule.gate reserve pays for all; set none", masks.Projects.Name(rule.Project))
	case masks.SynapseKinds.Name(rule.Synapse) != "deterministic":
		return schema.Fieldf("rule.synapse", "%s learns more than weights, and rule.gate reserve pays for these; set deterministic", masks.SynapseKinds.Name(rule.Synapse))
	}
	return nil
}

// Always implements Gate.
func (*Reserve) Always() bool { return false }

// Opens implements Gate, for a reserve that holds enough.
func (r *Reserve) Opens(output, target []float32) bool {
	return !r.Misclassified || largest(output) != largest(target)
}

// NewReserve implements Paying.
func (r *Reserve) NewReserve() masks.Reserve { return &reserve{Reserve: r} }

// reserve is the Reserve of a run.
type reserve struct {
	*Reserve
	presentations int64
	m0            int64   // paid for
	m1            float64 // paid for
	refused       int64
}

// Opens implements masks.Reserve.
func (r *reserve) Opens(output, target []float32) bool {
	return r.left(r.m0, r.m1) >= r.Threshold && r.Reserve.Opens(output, target)
}

// Gain implements masks.Reserve.
func (r *reserve) Gain(presentations int) { r.presentations += int64(presentations) }

// Pay implements masks.Reserve.
func (r *reserve) Pay(changes []masks.Change) bool {
	var all masks.Change
	for _, c := range changes {
		all.Add(c)
	}
	m0, m1 := r.m0+all.M0, r.m1+all.M1
	if !(r.left(m0, m1) >= 0) { // or NaN
		r.refused++
		return false
	}
	r.m0, r.m1 = m0, m1
	return true
}

// received returns the income until now.
func (r *reserve) received() float64 { return r.Income * float64(r.presentations) }

// spent returns the price of changes.
func (r *reserve) spent(m0 int64, m1 float64) float64 {
	return float64(r.CostM0*float64(m0)) + float64(r.CostM1*m1)
}

// left returns what the reserve holds after changes.
func (r *reserve) left(m0 int64, m1 float64) float64 {
	return r.Initial + r.received() - r.spent(m0, m1)
}

// Balance implements masks.Reserve.
func (r *reserve) Balance() masks.Balance {
	return masks.Balance{
		Initial: r.Initial, Income: r.received(), Spent: r.spent(r.m0, r.m1), Left: r.left(r.m0, r.m1), Refused: r.refused,
	}
}

// State implements state.Stateful.
func (r *reserve) State(v state.Visitor) {
	v.JSON("presentations", &r.presentations)
	v.JSON("m0", &r.m0)
	state.Float64(v, "m1", &r.m1)
	v.JSON("refused", &r.refused)
}
