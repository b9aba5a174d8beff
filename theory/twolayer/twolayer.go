// Package twolayer is the theory called twolayer: a two-layer network that learns online
// from another one, with masks.
package twolayer

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/committee"
)

// TwoLayer is online learning of a two-layer network from another one, the
// teacher, with masks on what may change: in the limit of many inputs N the
// overlaps Q = w·w/N of the student's K units, R = w·B/N with the teacher's M, and
// the second layer v follow equations of motion in t = steps/N (package committee
// has them). For fields a of all units and Δ = Σ A g(ρ) + σζ - Σ v g(λ),
//
//	dR_in/dt = p·η v_i ⟨g'(i) Δ ρ_n⟩,
//	dQ_ik/dt = p·η [v_i ⟨g'(i) Δ λ_k⟩ + v_k ⟨g'(k) Δ λ_i⟩] + E[M_i M_k]·η² v_i v_k ⟨g'(i) g'(k) Δ²⟩,
//	eps_g = ½⟨(Σ A g(ρ) - Σ v g(λ))²⟩:
//
// what is linear in η is masked by the probability p, its noise by E[M_i M_k]. That
// is p for a unit with itself; for two of them p² where their masks are
// independent (element, row) and p where they share one (column), which is time
// run p times as fast. So a mask makes the units' noise less correlated. Dropout
// takes units out of the output too: each product gets p to the number of
// different units in it.
//
// Three masks look at the step, whose updates are δ_k·x with δ_k = v_k g'(λ_k) Δ: of the
// largest onto each unit (top_neuron), of the largest of the layer (top_layer), and those above
// a threshold. The first has the same winners for all units, and time runs A(c) times as
// fast. In the others δ_k becomes δ_k·A(κ/|δ_k|) in the mean gradient, and the noise of
// two units is what both let pass: averages over the fields, by cubature.
//
// The teacher's units are orthonormal. The second layer is masked as well; of its
// mask the mean alone matters.
type TwoLayer struct {
	K            int         `key:"k" doc:"K, hidden units of the student" in:"[1,32]"`
	M            int         `key:"m" doc:"M, hidden units of the teacher" in:"[1,32]"`
	LearningRate float64     `key:"eta" doc:"η, learning rate of the first layer; Ergon's lr is η/N" in:"(0,inf)"`
	Noise        float64     `key:"sigma" doc:"σ, deviation of the labels' noise" in:"[0,inf)"`
	P            float64     `key:"p" doc:"probability that what is masked may change, or share of winners; mask=none and threshold know none" in:"(0,1]"`
	Mask         string      `key:"mask" doc:"what is masked: each synapse, those onto a unit (row), those from an input (column), or units altogether (dropout); or who does not win: largest updates onto each unit (top_neuron) or of the layer (top_layer), or all above a threshold" oneof:"none|element|row|column|dropout|top_neuron|top_layer|threshold"`
	Threshold    float64     `key:"threshold" doc:"bound on |v_k g'(λ_k) Δ x| above which a synapse changes, of mask=threshold" in:"[0,inf)"`
	Rescale      bool        `key:"rescale" doc:"divide what the mask lets pass by p"`
	Step         float64     `key:"dt" doc:"step of the integration, in units of t" in:"(0,inf)"`
	Time         float64     `key:"time" doc:"end, t = steps/N" in:"(0,inf)"`
	Q            [][]float64 `key:"q" doc:"Q at t = 0, K rows of K, or all in one list; q=[] r=[]: of weights from N(0, 1/4)"`
	R            [][]float64 `key:"r" doc:"R at t = 0, K rows of M, likewise"`
	Points       int         `key:"points" doc:"number of times, evenly spaced, after t = 0" in:"[1,100000]"`
	Activation   string      `key:"activation" doc:"g of the hidden units; erf is erf(x/√2)" oneof:"erf|relu|linear"`
	V            []float64   `key:"v" doc:"the student's second layer at t = 0; []: ones"`
	A            []float64   `key:"a" doc:"the teacher's second layer; []: ones"`
	SecondRate   float64     `key:"eta_v" doc:"learning rate of the second layer; 0: it stays" in:"[0,inf)"`
	Decay        float64     `key:"weight_decay" doc:"κ: first-layer weights lose the share κ/N in a step, masked like the gradient" in:"[0,inf)"`
	Integrator   string      `key:"integrator" doc:"euler, or Runge and Kutta's of fourth order" oneof:"euler|rk4"`
	Cubature     int         `key:"cubature" doc:"points of averages over fields, for top_layer and threshold; a power of 2" in:"[1024,1048576]"`
	Simulate     int         `key:"simulate" doc:"simulated students, each with its own teacher; 0: prediction alone" in:"[0,100000]"`
	N            int         `key:"n" doc:"N, inputs of the simulation and of random weights" in:"[1,10000000]"`
	Seed         uint64      `key:"seed" doc:"of the simulation's and of a random start's numbers"`
}

var _ theory.Theory = (*TwoLayer)(nil)

// defaultQ and defaultR are the start of two units that learn from two.
var (
	defaultQ = [][]float64{{0.25, 0.05}, {0.05, 0.25}}
	defaultR = [][]float64{{0.2, 0.05}, {0.05, 0.2}}
)

func init() {
	theory.Theories.Register("twolayer", schema.Doc{
		Summary: "a two-layer network learns from another, with masks or dropout: plateaus, specialisation, noise",
		Source:  "Saad & Solla 1995; Goldt et al. 2019, arXiv 1906.08632; masks: the second moments of the update",
	}, func() theory.Theory {
		return &TwoLayer{
			K: 2, M: 2, LearningRate: 1.5, P: 0.5, Mask: "none", Step: 0.01, Time: 80,
			Q: defaultQ, R: defaultR, Threshold: 1, Cubature: committee.CubaturePoints, Points: 80, Activation: "erf", Integrator: "euler", N: 500,
		}
	})
}

// Validate refuses starts that no weights have, and what would take too long or
// too much memory.
func (w *TwoLayer) Validate() error {
	switch steps := w.Time / w.Step; {
	case steps > 1e8:
		return schema.Fieldf("dt", "%.3g steps of the integration, more than 1e8; give a wider one", steps)
	case w.Simulate > 0 && w.Time*float64(w.N) > theory.MaxSimulatedSteps:
		return schema.Fieldf("time", "%.3g steps of a simulation, more than %.0g; give a smaller n", w.Time*float64(w.N), theory.MaxSimulatedSteps)
	case len(w.V) != 0 && len(w.V) != w.K:
		return schema.Fieldf("v", "%d numbers for k=%d units; give one for each", len(w.V), w.K)
	case len(w.A) != 0 && len(w.A) != w.M:
		return schema.Fieldf("a", "%d numbers for m=%d units; give one for each", len(w.A), w.M)
	case w.Simulate > 0 && w.N < w.K+w.M:
		return schema.Fieldf("n", "%d inputs, and k+m=%d units want as many; give more", w.N, w.K+w.M)
	}
	if err := w.checkSelection(); err != nil {
		return err
	}
	if gigabytes := w.memory() / (1 << 30); gigabytes > 4 {
		return schema.Fieldf("simulate", "takes %.0f GiB of memory, more than 4; give fewer, or less points, or a smaller n", gigabytes)
	}
	_, err := w.start()
	return err
}

// memory estimates how many bytes a prediction takes.
func (w *TwoLayer) memory() float64 {
	states := 2 * float64(1+w.Simulate) * float64(w.Points+1) * float64(w.K*(w.K+w.M+1)+3)
	weights := float64(w.cores()) * float64(2*(w.K+w.M)+2) * float64(w.N)
	return 8 * (states + weights)
}

// learning returns the settings as package committee needs them.
func (w *TwoLayer) learning() committee.Learning {
	mask := w.mask()
	l := committee.Learning{
		Activation: committee.Activations[w.Activation], Mask: mask,
		Rate: w.LearningRate, SecondRate: w.SecondRate, Decay: w.Decay, Noise: w.Noise,
		T: committee.Orthonormal(w.M), A: orOnes(w.A, w.M), Points: w.Cubature,
	}
	if w.Rescale {
		passed := mask.Linear(0, committee.Outside)
		l.Rate, l.SecondRate, l.Decay = l.Rate/passed, l.SecondRate/passed, l.Decay/mask.Decay()
	}
	return l
}

// equations returns the equations of motion.
func (w *TwoLayer) equations() *committee.Equations {
	return committee.NewEquations(w.learning(), w.K)
}

// orOnes returns list, or n ones if it is empty.
func orOnes(list []float64, n int) []float64 {
	if len(list) > 0 {
		return list
	}
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	return ones
}

// Predict implements Theory. The scalars are eps_g at the end; floor, the eps_g
// that the labels' noise leaves in the long run; changed, the share of the first
// layer's synapses that a step changes; and those of [plateau].
func (w *TwoLayer) Predict(ctx context.Context) (*theory.Result, error) {
	start, err := w.start()
	if err != nil {
		return nil, err
	}
	done := theory.ProgressCounter(ctx, w.Points*(1+w.Simulate))
	equations := w.equations()
	predicted, flat, err := w.integrate(ctx, equations, start.Clone(), done)
	if err != nil {
		return nil, err
	}
	simulated, err := w.simulate(ctx, start, done)
	if err != nil {
		return nil, err
	}
	curves := w.curves(predicted, simulated)
	if w.Mask == "element" || w.Mask == "row" {
		shared, err := w.withSharedMask(ctx, start.Clone())
		if err != nil {
			return nil, err
		}
		curves = append(curves, shared)
	}
	result := theory.CurveTable("t", w.times(), curves...)
	result.Params = map[string]any{"q": start.Q, "r": start.R, "v": start.V, "a": equations.A}
	result.Scalars["eps_g"] = theory.Known(curves[0].Predicted[w.Points])
	result.Scalars["floor"] = theory.Known(equations.Floor(ctx, start.V))
	result.Scalars["changed"] = theory.Known(equations.Mask.Share() * equations.Activation.Active())
	result.Scalars["plateau"], result.Scalars["plateau_t"], result.Scalars["escape_t"] = flat.found()
	result.Notes = w.notes()
	return result, ctx.Err()
}

// notes says what the columns mean and what the simulations add.
func (w *TwoLayer) notes() []string {
	notes := []string{
		"t is steps/N; qik, rin and vk are overlaps and second layer; specialisation is the mean over the teacher's units of the cosine with the unit that is nearest at the end, less the mean of those with the others",
		"work is the sum of |Δw|²/η of all steps so far, first layer, over N, in units of the loss",
		"plateau is eps_g where it falls slowest before it falls half again as fast, at plateau_t; escape_t is when it is half of that; floor is what labels' noise leaves in the long run; changed is the share of first-layer synapses that a step changes",
	}
	if w.Mask == "element" || w.Mask == "row" {
		notes = append(notes, fmt.Sprintf("eps_g_column is eps_g if all units shared one mask: unmasked learning at the rate %g, %g times as fast", w.learning().Rate, w.P))
	}
	if w.selects() {
		notes = append(notes, fmt.Sprintf("m0_total is how often a first-layer synapse of n = %d inputs has changed so far, the mean over all of them: it grows as n", w.N))
	}
	if w.Simulate > 0 {
		notes = append(notes, fmt.Sprintf("simulations have %d inputs, theory infinitely many: they differ by the order of 1/N, and by more where a start breaks the units' symmetry by no more than 1/√N = %.2g", w.N, 1/math.Sqrt(float64(w.N))))
	}
	return notes
}
