// Package control is the theory called control: the courses of masks and learning rates by
// which a two-layer network learns best in a given time, or reaches an error at the least
// cost.
package control

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/committee"
)

// Control is optimal control of K hidden units that learn online from one, Σ_k g(w_k·x/√N) from
// g(B·x/√N) + σζ, all weights 0 at the start, in the limit of many inputs N. The state is the
// overlaps Q and R, whose equations of motion are those of package committee; the controls are the
// density p(t) of a mask and the learning rate η(t), each constant within a piece of the time
// T = steps/N. What is made least is
//
//	error: ε(T)      m0: ∫p dt = M0/N      m1: (2/π)·∫pη√s dt ≈ M1/√N      per synapse,
//
// the last two such that ε(T) is the target. s is the mean square of a unit's δ = g'(λ)·Δ, as if it
// were Gaussian; so it is for one linear unit. With dropout the tested output is scaled, by a factor
// that is free as well.
//
// The method is direct: p and η are the variables, the flow of each piece is integrated, and its
// derivatives by state and controls, which are finite differences, are multiplied from the end to the
// start for the gradient (the adjoint). L-BFGS follows it; sines keep the controls within bounds, and an
// augmented Lagrangian the error at its target.
type Control struct {
	Aim        string  `key:"aim" doc:"what is to be least; error: eps_g at the end; m0, m1: changes, or their amount, until eps_g is the target" oneof:"error|m0|m1"`
	Mask       string  `key:"mask" doc:"what p is the density of: units left out altogether, or a mask on each synapse, one that all units share" oneof:"dropout|element|column"`
	K          int     `key:"k" doc:"K, hidden units of the student; the teacher has one" in:"[1,8]"`
	Activation string  `key:"activation" doc:"g of the hidden units; erf is erf(x/√2)" oneof:"erf|linear"`
	Rate       float64 `key:"eta" doc:"η, constant; 0: it is a control" in:"[0,100]"`
	MostRate   float64 `key:"eta_most" doc:"largest η where it is a control" in:"(0,100]"`
	Noise      float64 `key:"sigma" doc:"σ, deviation of the labels' noise" in:"[0,100]"`
	Time       float64 `key:"time" doc:"T, steps/N in all" in:"(0,1000]"`
	Target     float64 `key:"target" doc:"eps_g at the end, with aim m0 and m1" in:"(0,100]"`
	Pieces     int     `key:"pieces" doc:"pieces of T within which controls are constant" in:"[1,500]"`
	Constant   float64 `key:"constant" doc:"constant p to compare with, with aim error, mask dropout and a given eta; 0: the best" in:"[0,1]"`
	Simulate   int     `key:"simulate" doc:"simulated students that learn by the controls found; 0: prediction alone" in:"[0,10000]"`
	N          int     `key:"n" doc:"inputs of a simulation" in:"[10,1000000]"`
	Seed       uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Control)(nil)

func init() {
	theory.Theories.Register("control", schema.Doc{
		Summary: "the courses of masks and rates by which a two-layer network learns best, or at the least cost",
		Source:  "Mori & Mignacco 2025, arXiv 2507.07907, for dropout and the error; costs derived here",
	}, func() theory.Theory {
		return &Control{
			Aim: "error", Mask: "dropout", K: 2, Activation: "erf", Rate: 1, MostRate: 3, Noise: 0.2,
			Time: 5, Target: 0.02, Pieces: 50, N: 1000,
		}
	})
}

// widest is the widest step of the integration, in t.
const widest = 0.05

// Validate refuses what leaves nothing to choose, and what takes too long.
func (c *Control) Validate() error {
	switch steps := c.Time * float64(c.N); {
	case c.Constant > 0 && c.Aim != "error":
		return schema.Fieldf("constant", "%g, and with aim=%s the constant p follows from the target; give 0", c.Constant, c.Aim)
	case c.Constant > 0 && (c.Mask != "dropout" || c.Rate == 0):
		return schema.Fieldf("constant", "%g, and only dropout with a given eta is compared with a constant p of one's own; give 0, for the best one, or mask=dropout and eta", c.Constant)
	case c.Simulate > 0 && steps >= theory.MaxSimulatedSteps:
		return schema.Fieldf("n", "a simulation takes %.3g steps, %.0g or more; give fewer", steps, theory.MaxSimulatedSteps)
	}
	if c.Aim != "error" {
		if start := c.plan(1).start().error; c.Target >= start {
			return schema.Fieldf("target", "%g is not below the error %.6g of weights that are 0", c.Target, start)
		}
	}
	return nil
}

// learning returns the task, with a mask of density p.
func (c *Control) learning(p, rate float64) committee.Learning {
	return committee.Learning{
		Activation: committee.Activations[c.Activation], Mask: committee.Masks[c.Mask](p), Rate: rate, Noise: c.Noise,
		T: committee.Orthonormal(1), A: []float64{1},
	}
}

// Predict implements Theory.
func (c *Control) Predict(ctx context.Context) (*theory.Result, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	best, err := c.solve(ctx, c.Pieces)
	if err != nil {
		return nil, err
	}
	constant, err := c.constant(ctx, best)
	if err != nil {
		return nil, err
	}
	simulated, err := c.simulate(ctx, best)
	if err != nil {
		return nil, err
	}
	result := theory.CurveTable("t", best.times(), best.curves(simulated)...)
	c.state(result, best, constant)
	result.Notes = c.notes()
	return result, nil
}

// state adds the scalars of the best course, and of the constant one if there is one.
func (c *Control) state(r *theory.Result, best *plan, constant *steady) {
	last, compared, u := best.end(), point{math.NaN(), math.NaN(), math.NaN()}, control{math.NaN(), math.NaN()}
	if constant != nil {
		compared, u = constant.end(), constant.controls[0]
	}
	ratio := compared.cost / last.cost
	if c.Aim == "error" {
		ratio = compared.error / last.error
	}
	for name, value := range map[string]float64{
		"eps_g": last.error, "cost": last.cost, "scale": last.scale, "ratio": ratio,
		"constant_p": u.p, "constant_eta": u.rate, "constant_eps_g": compared.error, "constant_cost": compared.cost,
	} {
		r.Scalars[name] = theory.Known(value)
	}
}

// notes says how to read the table.
func (c *Control) notes() []string {
	notes := []string{
		"t in steps/n; p and eta hold from a row to the next; qii, qij and r are overlaps of a unit with itself, another one and the teacher; cost is the integral of p, M0/n per synapse, or of aim m1 an estimate of M1/√n",
		"constant_… are those of one p and one eta for all t, the best ones unless constant is set; ratio is what is to be least there, over that of the courses",
	}
	if c.Mask == "dropout" {
		notes = append(notes, "eps_g is that of the output times the scale that makes it least; of a constant p in aim error, times p")
	}
	if c.Simulate > 0 {
		notes = append(notes, fmt.Sprintf("simulations have %d inputs, theory infinitely many", c.N))
	}
	return notes
}

// check refuses a course that misses the target.
func (c *Control) check(p *plan) error {
	if c.Aim == "error" {
		return nil
	}
	if e := p.end().error; !(math.Abs(math.Log(e/c.Target)) < 1e-4) {
		return schema.Fieldf("target", "no course was found that ends at %g after time=%g; the nearest ends at %.6g: give more time, or another target", c.Target, c.Time, e)
	}
	return nil
}
