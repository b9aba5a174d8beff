// Package rbmmodes is the theory called rbm-modes: how a restricted Boltzmann machine learns
// the modes of its data one after another, and what masks do to that.
package rbmmodes

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/schema"
	"ergon/theory"
)

// RBMModes is a restricted Boltzmann machine of V visible and H hidden units 0 or 1 that
// learns examples with planted modes by the exact gradient of their likelihood. With the
// visible means matched and the hidden fields centred,
//
//	a_i = logit⟨v_i⟩ - ½Σ_j W_ij,   b_j = -Σ_i W_ij⟨v_i⟩,
//
// the energy is -Σ_i logit⟨v_i⟩ v_i - (v-⟨v⟩)ᵀ W (h-½). To first order in W the data have
// ⟨(v-⟨v⟩)(h-½)⟩ = ¼CW and the machine ¼DW, where C is the covariance of the data and D the
// diagonal of the variances ⟨v⟩(1-⟨v⟩):
//
//	dW/dt = ¼(C - D)W + O(W³).
//
// There is no second order: h → 1-h turns W into -W. An eigenvector u of C - D, of eigenvalue
// λ, therefore grows as
//
//	|uᵀW(t)| = |uᵀW(0)|·(1 + ελ/4)ᵗ
//
// in steps of rate ε, the strongest mode first. If a synapse learns with probability p in a step, by any
// mask that does not look at the gradient, the mean over masks grows with pε in place of ε: to first order in ε the
// same over p·t, which is M0 per synapse.
//
// Mean-field theory has no order until the largest singular value of D_v^½ W D_h^½ is 1, D_v and
// D_h being the variances of the units; with D_h = ¼ and ⟨v⟩ = ½ that is σ₁(W) = 4. Such a mask
// changes when that is, and neither M0 there, nor M1 = Σ|ΔW|, nor s. One that lets the largest updates pass grows
// the mode on fewer hidden units, which changes all of them.
type RBMModes struct {
	V         int       `key:"v" doc:"visible units; a multiple of 2 to the number of patterns" in:"[2,1000]"`
	H         int       `key:"h" doc:"hidden units; all their states are enumerated" in:"[1,16]"`
	Strengths []float64 `key:"strengths" doc:"m of each planted pattern, falling; with many examples each has the eigenvalue q(1-q)·(m²·v - Σm²) of C-D" in:"(0,1]"`
	Mean      float64   `key:"mean" doc:"q, mean activity of the visible units in the data" in:"(0,1)"`
	Examples  int       `key:"examples" doc:"number of examples; a multiple of 2 to the number of patterns" in:"[2,100000]"`
	Rate      float64   `key:"eta" doc:"ε, learning rate" in:"(0,1]"`
	Gradient  string    `key:"gradient" doc:"centred: with offsets ⟨v⟩ and ½; plain: of the likelihood by a, b and W" oneof:"centred|plain"`
	Masks     []string  `key:"masks" doc:"who learns: none, all synapses; bernoulli, each with probability p; neurons, those of each hidden unit with probability p; competitive, the share p with the largest updates" oneof:"none|bernoulli|neurons|competitive"`
	P         float64   `key:"p" doc:"share of the synapses that a mask lets learn in a step" in:"(0,1]"`
	Scale     float64   `key:"scale" doc:"deviation of the first weights" in:"[1e-9,0.1]"`
	Updates   int       `key:"updates" doc:"updates without a mask; masked machines make 1/p times as many" in:"[1,10000000]"`
	Points    int       `key:"points" doc:"number of times, evenly spaced, after the start" in:"[4,100000]"`
	Rows      string    `key:"rows" doc:"curves: singular values and susceptibilities in time; rates: of the modes while weights are small; transitions: when the first modes order, for each mask" oneof:"curves|rates|transitions"`
	Simulate  int       `key:"simulate" doc:"machines, each with its own first weights and masks; 0: prediction alone" in:"[0,10000]"`
	Seed      uint64    `key:"seed" doc:"of examples, first weights and masks"`
}

var _ theory.Theory = (*RBMModes)(nil)

func init() {
	theory.Theories.Register("rbm-modes", schema.Doc{
		Summary: "a restricted Boltzmann machine learns the modes of its data one after another, with masks",
		Source:  "small weights: linearised gradient; cascade of modes: Bachtis et al. 2024, arXiv 2405.14689; masks added",
	}, func() theory.Theory {
		return &RBMModes{
			V: 48, H: 8, Strengths: []float64{0.5, 0.42}, Mean: 0.5, Examples: 256, Rate: 0.02, Gradient: "centred",
			Masks: []string{"none", "bernoulli", "neurons", "competitive"}, P: 0.5, Scale: 1e-3,
			Updates: 1500, Points: 200, Rows: "curves", Simulate: 4,
		}
	})
}

// Limits of what is computed.
const (
	mostPatterns = 8
	mostWork     = 1e13    // exponentials of all machines: some hours
	mostStates   = 1 << 22 // numbers of a machine's states, of 8 B
	mostRecords  = 1 << 27 // numbers of all courses, of 8 B
	mostProducts = 1e10    // products of the covariance: some seconds
)

// Validate refuses data that cannot have the planted patterns, and what would take too
// long, or too much memory.
func (r *RBMModes) Validate() error {
	patterns := len(r.Strengths)
	switch {
	case patterns == 0 || patterns > min(r.H, mostPatterns):
		return schema.Fieldf("strengths", "%d patterns; give 1 to %d, and no more than there are hidden units", patterns, mostPatterns)
	case !slices.IsSortedFunc(r.Strengths, func(a, b float64) int { return cmp.Compare(b, a) }):
		return schema.Fieldf("strengths", "give the strongest pattern first")
	case floats.Sum(r.Strengths) > r.mostStrength()*(1+1e-12):
		return schema.Fieldf("strengths", "their sum is %.6g, which makes probabilities below 0 or above 1 at a mean of %g; give at most %.6g", floats.Sum(r.Strengths), r.Mean, r.mostStrength())
	case r.V%(1<<patterns) != 0:
		return schema.Fieldf("v", "is %d; %d patterns need a multiple of %d", r.V, patterns, 1<<patterns)
	case r.Examples%(1<<patterns) != 0:
		return schema.Fieldf("examples", "is %d; %d patterns need a multiple of %d", r.Examples, patterns, 1<<patterns)
	}
	return r.checkSizes()
}

// checkSizes refuses what takes too long or too much memory, and masks that are named twice.
func (r *RBMModes) checkSizes() error {
	machines := float64(r.Simulate * len(r.Masks))
	states := float64(r.V) * math.Ldexp(1, r.H)
	work := machines * float64(r.Updates) / r.P * (states + float64(r.V*r.H)*float64(r.Examples))
	switch {
	case len(r.Masks) == 0:
		return schema.Fieldf("masks", "there is none; give one or more")
	case float64(r.Examples)*float64(r.V*r.V) > mostProducts:
		return schema.Fieldf("examples", "the covariance of %d visible units in %d of them takes too long; give fewer", r.V, r.Examples)
	case len(slices.Compact(slices.Sorted(slices.Values(r.Masks)))) < len(r.Masks):
		return schema.Fieldf("masks", "one of them is given twice")
	case states > mostStates:
		return schema.Fieldf("h", "2^%d states of %d visible units are more than %d numbers; give fewer units", r.H, r.V, mostStates)
	case work > mostWork:
		return schema.Fieldf("updates", "machines would compute %.2g exponentials, more than %.0g; give fewer updates, examples, machines or units", work, float64(mostWork))
	case machines*float64(r.Points+1)*float64(3+2*len(r.Strengths)+r.H) > mostRecords:
		return schema.Fieldf("points", "%d of %g machines are too many to hold; give fewer", r.Points, machines)
	}
	return nil
}

// mostStrength is the sum of strengths at which the probability of a unit is 0 or 1.
func (r *RBMModes) mostStrength() float64 {
	odds := r.Mean / (1 - r.Mean)
	return math.Sqrt(min(odds, 1/odds))
}

// Predict implements Theory.
func (r *RBMModes) Predict(ctx context.Context) (*theory.Result, error) {
	d := r.plant()
	if least, most := floats.Min(d.mean), floats.Max(d.mean); least <= 0 || most >= 1 {
		return nil, schema.Fieldf("examples", "a visible unit is the same in all %d of them; give more", r.Examples)
	}
	growths, err := r.growths(ctx, d)
	if err != nil {
		return nil, err
	}
	var courses [][]*course
	if r.Rows != "rates" {
		if courses, err = r.courses(ctx, d); err != nil {
			return nil, err
		}
	}
	return r.result(d, growths, courses), nil
}

// result returns the table that is asked for, and the scalars. worst_z and p_value are those of the
// rates under masks.
func (r *RBMModes) result(d *data, growths [][]growth, courses [][]*course) *theory.Result {
	rates, labels := r.rateRows(d, growths)
	rows := rates
	switch r.Rows {
	case "curves":
		rows, labels = r.curveRows(d, courses)
	case "transitions":
		rows, labels = r.transitionRows(d, courses)
	}
	result := theory.Table(rows)
	result.Labels = labels
	if worst, n := theory.WorstZ(rates); n > 0 {
		result.Scalars["worst_z"], result.Scalars["comparisons"] = theory.Known(worst), theory.Known(float64(n))
		result.Scalars["p_value"] = theory.Known(theory.PValue(worst, n, r.Simulate))
	}
	r.addScalars(result, d, rates, courses)
	result.Notes = r.notes(courses)
	return result
}

// addScalars adds the scalars.
func (r *RBMModes) addScalars(result *theory.Result, d *data, rates [][]theory.Quantity, courses [][]*course) {
	add := func(name string, value float64) { result.Scalars[name] = theory.Known(value) }
	for k := range r.Strengths {
		add(fmt.Sprintf("lambda%d", k+1), d.growth[k])
		add(fmt.Sprintf("rate%d", k+1), r.rate(d, k, 1))
	}
	add("lambda_noise", d.growth[min(len(r.Strengths), len(d.growth)-1)])
	add("threshold_sigma", 2/math.Sqrt(d.along(0)))
	add("threshold_tap", tapThreshold(r.V, r.H))
	add("peak_s", d.rankOnePeak(d.weighted(0), even(r.H)))
	for n, mask := range r.Masks {
		if r.Simulate == 0 {
			break
		}
		rate := rates[n*len(r.Strengths)]
		if mask == "none" {
			add("rate1_simulated", rate[3].Simulations[0].Value)
			add("rate1_simulated_excess", rate[5].Predicted)
		}
		if courses != nil {
			for _, q := range measured("peak_s_"+mask, r.events()[0].along(courses[n]).s) {
				add(q.Name, q.Predicted)
			}
		}
	}
}

// even returns the unit vector in which all of n hidden units take part alike.
func even(n int) []float64 {
	z := make([]float64, n)
	floats.AddConst(1/math.Sqrt(float64(n)), z)
	return z
}

// notes says how to read the table.
func (r *RBMModes) notes(courses [][]*course) []string {
	notes := []string{
		"s1, s2, … are the singular values of D_v^½ W D_h^½, D_h = ¼; mean-field theory has no order until s1 = 1, which is σ₁(W) = threshold_sigma; as predictions they are those of one mode alone while it grows linearly",
		"chi1, … are ⟨m²⟩-⟨|m|⟩² of m = z·(h-½), z the hidden side of that singular value; peak_s is the s1 at which the first peaks in a machine with one mode in which all hidden units take part alike, rank_one in one whose hidden units take part as they do in the machine at its peak; threshold_tap is where the former orders by the equations of Thouless, Anderson and Palmer",
		"m0 and m1 are sums over all updates so far, per synapse; rates are per update, from the start on; rate_uniform is that of the part which all hidden units share",
	}
	for n, mask := range r.Masks {
		if courses == nil {
			break
		}
		for _, event := range r.events() {
			if have := known(event.along(courses[n]).m0); len(have) < r.Simulate {
				notes = append(notes, fmt.Sprintf("%s: %s in %d of %d machines; means are over those", mask, event.name, len(have), r.Simulate))
			}
		}
	}
	return notes
}
