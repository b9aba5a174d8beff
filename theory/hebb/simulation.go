package hebb

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"ergon/internal/philox"
	"ergon/theory"
)

// slowSteps are the stretches in which a slow force is turned on. The work of each is that
// of weights at rest in its middle, which is exact on average for a force that grows
// evenly, however few there are.
const slowSteps = 8

// simulate returns the states of h.Simulate networks.
func (h *Hebb) simulate(ctx context.Context) ([]state, error) {
	networks := make([]state, h.Simulate)
	err := theory.Parallel(ctx, len(networks), func(i int) {
		networks[i] = h.simulateOne(ctx, philox.New(h.Seed, fmt.Sprintf("hebb/%d", i)))
	})
	return networks, err
}

// simulateOne lets one network learn αN labels. With random signs ξ, the products ξσ are
// random signs, too, whatever the labels; they are all that counts. Label μ has them in
// the words (μ, …) of the stream. Steps from the number of labels on are the bath's.
func (h *Hebb) simulateOne(ctx context.Context, stream philox.Stream) state {
	labels := uint64(math.Round(h.Alpha * float64(h.N)))
	root := math.Sqrt(float64(h.N))
	force := make([]float64, h.N) // F
	row := make([]float64, h.N)
	for label := range labels {
		if ctx.Err() != nil {
			return state{}
		}
		signs(stream, label, row)
		for n, sign := range row {
			force[n] += sign / root
		}
	}
	weights, s := make([]float64, h.N), state{}
	for n, f := range force {
		var heat float64
		weights[n], heat = h.drive(stream, labels+uint64(n), h.Nu*f)
		s.heat += heat / float64(h.N)
	}
	s.spread = stat.MomentAbout(2, weights, 0, nil) - 1
	for label := range labels {
		if ctx.Err() != nil {
			return state{}
		}
		signs(stream, label, row)
		stability := 0.0
		for n, sign := range row {
			stability += sign * weights[n] / root
		}
		s.advantage += math.Tanh(stability/2) / float64(labels)
	}
	return s
}

// signs writes the products ξσ of a label.
func signs(stream philox.Stream, label uint64, row []float64) {
	var bits uint32
	for n := range row {
		if n%32 == 0 {
			bits = stream.Uint32(label, uint64(n/32))
		}
		row[n] = 1 - 2*float64(bits&1)
		bits >>= 1
	}
}

// drive turns the force on one weight on, from 0 to f, and returns the weight at rest in the
// end, and the heat that it has given to the bath: the work done on it, -∫ w df, less the
// energy w²/2 - fw that it has gained.
func (h *Hebb) drive(stream philox.Stream, step uint64, f float64) (weight, heat float64) {
	first, second := stream.NormalPair(step, 0)
	weight = f + second
	work := -f * first // of a sudden force, on the weight as it lies
	if h.Drive == "slow" {
		work = 0
		for k := range slowSteps {
			at := (float64(k) + 0.5) / slowSteps * f
			work -= (at + stream.Normal(step, uint64(2+k))) * f / slowSteps
		}
	}
	return weight, work - (weight*weight/2 - f*weight - first*first/2)
}

// estimates returns what networks say of each of the quantities, in their order. Functions
// of means are taken of the means over all networks; their errors are to first order in
// the deviations of the single ones.
func estimates(networks []state, alpha float64) (all []theory.Estimate) {
	var mean state
	for _, s := range networks {
		mean.advantage += s.advantage / float64(len(networks))
		mean.heat += s.heat / float64(len(networks))
		mean.spread += s.spread / float64(len(networks))
	}
	for i, q := range mean.quantities(alpha) {
		residues := make([]float64, len(networks))
		for k, s := range networks {
			residues[k] = mean.toward(s).quantities(alpha)[i].Predicted - q.Predicted
		}
		all = append(all, theory.Estimate{Value: q.Predicted, StandardError: theory.EstimateMean(residues).StandardError / nudge})
	}
	return all
}

// nudge is the part of the way to a single network by which derivatives are taken.
const nudge = 1e-4

// toward returns a state a little on the way from s to another.
func (s state) toward(other state) state {
	return state{
		advantage: s.advantage + nudge*(other.advantage-s.advantage),
		heat:      s.heat + nudge*(other.heat-s.heat),
		spread:    s.spread + nudge*(other.spread-s.spread),
	}
}
