package committee

import (
	"fmt"
	"math"
	"math/bits"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
)

// Simulation is a student of N inputs that learns from a teacher, step by step.
type Simulation struct {
	Learning
	n          int
	steps      uint64
	w, b       [][]float64 // [K][N], [M][N]
	v          []float64   // [K]
	work       float64     // Σ|Δw|²/(ηN)
	changes    int         // Δw ≠ 0 so far, by the gradient
	x          []float64   // [N]
	normals    []float32   // [N]
	fields     []float64   // [K], λ
	errors     []float64   // [K], δ = v g'(λ)Δ
	mask       *Drawn
	inputs     philox.Stream
	labels     philox.Stream
	maskStream philox.Stream
}

// NewSimulation returns simulation number number of a seed: a student and a
// teacher of n inputs, with the overlaps of start. Equal numbers give equal
// trajectories; that no weights have these overlaps is an error.
func NewSimulation(l Learning, start State, n int, seed uint64, number int) (*Simulation, error) {
	stream := func(name string) philox.Stream {
		return philox.New(seed, fmt.Sprintf("committee/%d/%s", number, name))
	}
	all, err := weights(l.Covariance(start), n, stream("weights"))
	if err != nil {
		return nil, err
	}
	k := len(start.Q)
	return &Simulation{
		Learning: l, n: n, w: all[:k], b: all[k:], v: append([]float64(nil), start.V...),
		x: make([]float64, n), normals: make([]float32, n), fields: make([]float64, k), errors: make([]float64, k),
		mask: NewDrawn(k, n), inputs: stream("inputs"), labels: stream("labels"), maskStream: stream("mask"),
	}, nil
}

// Steps returns the number of steps taken.
func (s *Simulation) Steps() int { return int(s.steps) }

// State writes where learning stands.
func (s *Simulation) State(to State) {
	for i, w := range s.w {
		for j := range i + 1 {
			to.Q[i][j] = floats.Dot(w, s.w[j]) / float64(s.n)
			to.Q[j][i] = to.Q[i][j]
		}
		for a, b := range s.b {
			to.R[i][a] = floats.Dot(w, b) / float64(s.n)
		}
	}
	copy(to.V, s.v)
	to.Work[0] = s.work
	to.M0[0] = float64(s.changes) / (float64(len(s.w)) * float64(s.n) * float64(s.n))
}

// Step presents an input and learns from it.
func (s *Simulation) Step() {
	s.inputs.Normals(s.steps, 0, s.normals)
	for j, x := range s.normals {
		s.x[j] = float64(x)
	}
	s.Mask.Draw(s.maskStream, s.steps, s.mask)
	delta := s.present()
	if mask, ok := s.Mask.(Selecting); ok {
		for k, lambda := range s.fields {
			s.errors[k] = s.v[k] * s.Activation.Slope(lambda) * delta
		}
		mask.Select(s.x, s.errors, s.mask)
	}
	for k := range s.w {
		lambda, v := s.fields[k], s.v[k]
		if s.mask.Second[k] {
			s.v[k] += s.SecondRate / float64(s.n) * s.Activation.Value(lambda) * delta
		}
		s.learn(k, s.Rate/math.Sqrt(float64(s.n))*v*s.Activation.Slope(lambda)*delta)
	}
	s.steps++
}

// present computes the fields and returns the error Δ.
func (s *Simulation) present() float64 {
	root := math.Sqrt(float64(s.n))
	delta := s.Noise * s.labels.Normal(s.steps, 0)
	for a, b := range s.b {
		delta += s.A[a] * s.Activation.Value(floats.Dot(b, s.x)/root)
	}
	for k, w := range s.w {
		s.fields[k] = floats.Dot(w, s.x) / root
		if s.mask.Present[k] {
			delta -= s.v[k] * s.Activation.Value(s.fields[k])
		}
	}
	return delta
}

// learn changes the plastic synapses onto unit k by scale·x and decays them.
func (s *Simulation) learn(k int, scale float64) {
	w, decay := s.w[k], s.Decay/float64(s.n)
	if s.mask.Decays && decay != 0 {
		floats.Scale(1-decay, w)
		decay = 0
	}
	squares, changes := 0.0, 0
	switch plastic := s.mask.Inputs[k]; {
	case !s.mask.Units[k]:
	case plastic == nil:
		if decay != 0 {
			floats.Scale(1-decay, w)
		}
		floats.AddScaled(w, scale, s.x)
		squares, changes = floats.Dot(s.x, s.x), s.n
	default:
		squares, changes = s.masked(w, plastic, scale, decay)
	}
	if scale != 0 {
		s.changes += changes
	}
	if s.Rate > 0 {
		s.work += scale * scale * squares / (s.Rate * float64(s.n))
	}
}

// masked changes the synapses whose bit is set, and returns the sum of x² over them and
// their number.
func (s *Simulation) masked(w []float64, plastic []uint64, scale, decay float64) (squares float64, changes int) {
	for word, set := range plastic {
		if left := s.n - 64*word; left < 64 {
			set &= 1<<left - 1
		}
		changes += bits.OnesCount64(set)
		for ; set != 0; set &= set - 1 {
			j := 64*word + bits.TrailingZeros64(set)
			x := s.x[j]
			w[j] += scale*x - decay*w[j]
			squares += x * x
		}
	}
	return squares, changes
}
