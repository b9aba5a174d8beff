package ridge

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/theory"
)

// simulate lets the students learn, each on one core.
func (r *Ridge) simulate(ctx context.Context) ([]*trajectory, error) {
	trajectories := make([]*trajectory, r.Simulate)
	done := theory.ProgressCounter(ctx, len(trajectories))
	err := theory.Parallel(ctx, len(trajectories), func(i int) {
		trajectories[i] = r.descend(ctx, i)
		done()
	})
	return trajectories, err
}

// A student learns from examples of its own. Teacher and first weights have exactly the
// overlaps that the theory gives them on average. That does not touch what is tested:
// given the examples, means over the modes depend on nothing else.
type student struct {
	*Ridge
	x                    blas64.General // [examples, d], /√d
	labels               []float64      // [examples] s·ξ
	teacher, start, w    []float64      // [d]
	away, residues, grad []float64      // w - w* [d], w·x/√d - y [examples], G [d]
	mask                 philox.Stream
	plastic              []uint64 // the mask, one bit for each synapse
}

// student returns student number i.
func (r *Ridge) student(i int) *student {
	stream := func(name string) philox.Stream {
		return philox.New(r.Seed, fmt.Sprintf("ridge/%d/%s", i, name))
	}
	n := int(math.Round(r.Alpha * float64(r.D)))
	s := &student{
		Ridge: r, x: blas64.General{Rows: n, Cols: r.D, Stride: r.D, Data: make([]float64, n*r.D)},
		labels: theory.Normals(stream("labels"), n), mask: stream("mask"),
		away: make([]float64, r.D), residues: make([]float64, n), grad: make([]float64, r.D),
		plastic: make([]uint64, (r.D+63)/64),
	}
	floats.Scale(r.Noise, s.labels)
	inputs, row := stream("inputs"), make([]float32, r.D)
	for example := range n {
		inputs.Normals(uint64(example), 0, row)
		for j, value := range row {
			s.x.Data[example*r.D+j] = float64(value) / math.Sqrt(float64(r.D))
		}
	}
	size := math.Sqrt(float64(r.D))
	s.teacher, s.start = theory.Normals(stream("teacher"), r.D), theory.Normals(stream("weights"), r.D)
	floats.Scale(size/floats.Norm(s.teacher, 2), s.teacher)
	floats.AddScaled(s.start, -floats.Dot(s.start, s.teacher)/float64(r.D), s.teacher)
	floats.Scale(math.Sqrt(r.Spread)*size/floats.Norm(s.start, 2), s.start)
	floats.AddScaled(s.start, r.Overlap, s.teacher)
	s.w = append([]float64(nil), s.start...)
	return s
}

// descend lets student number i learn and returns its trajectory.
func (r *Ridge) descend(ctx context.Context, i int) *trajectory {
	s, c := r.student(i), newTrajectory(r.Steps)
	c.grain = 1 / float64(r.D)
	threshold := philox.Threshold(r.P)
	for t := range r.Steps + 1 {
		if ctx.Err() != nil {
			return c
		}
		s.differentiate()
		s.observe(c, t)
		s.mask.Below(uint64(t), 0, threshold, s.plastic)
		s.learn(c, t)
	}
	return c
}

// differentiate computes residues and gradient.
func (s *student) differentiate() {
	floats.SubTo(s.away, s.w, s.teacher)
	copy(s.residues, s.labels)
	blas64.Gemv(blas.NoTrans, 1, s.x, vector(s.away), -1, vector(s.residues))
	copy(s.grad, s.w)
	blas64.Gemv(blas.Trans, 1, s.x, vector(s.residues), s.Lambda, vector(s.grad))
}

func vector(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }

// observe enters the order parameters and losses before step t.
func (s *student) observe(c *trajectory, t int) {
	d := float64(s.D)
	c.overlap[t] = floats.Dot(s.w, s.teacher) / d
	c.norm[t] = floats.Dot(s.w, s.w) / d
	c.distance[t] = floats.Dot(s.away, s.away) / d
	c.training[t] = floats.Dot(s.residues, s.residues) / float64(2*len(s.residues))
	c.test[t] = (c.distance[t] + s.Noise*s.Noise) / 2
	c.displacement[t] = floats.Distance(s.w, s.start, 1) / d
}

// learn makes step t and enters what it changes.
func (s *student) learn(c *trajectory, t int) {
	d := float64(s.D)
	for j, g := range s.grad {
		if s.plastic[j/64]>>(j%64)&1 == 1 {
			s.w[j] -= s.LearningRate * g
			c.m0[t] += 1 / d
			c.m1[t] += s.LearningRate * math.Abs(g) / d
			c.dissipation[t] += s.LearningRate * g * g / d
		}
	}
}
