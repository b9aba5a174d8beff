package online

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/theory"
)

// simulate lets the students learn, each on one core.
func (o *Online) simulate(ctx context.Context) ([]*trajectory, error) {
	trajectories := make([]*trajectory, o.Simulate)
	done := theory.ProgressCounter(ctx, len(trajectories))
	err := theory.Parallel(ctx, len(trajectories), func(i int) {
		trajectories[i] = o.student(i).learn(ctx)
		done()
	})
	return trajectories, err
}

// An student learns; only v = w - w* matters. It starts at exactly e(0).
type student struct {
	*Online
	v, start             []float64 // [N]
	x                    []float32 // [N]
	plastic              []uint64  // the mask, one bit for each synapse
	inputs, labels, mask philox.Stream
	threshold            uint64
	rate, bound          float64 // η/√N and κ, as they act on δ·x
}

// student returns student number i.
func (o *Online) student(i int) *student {
	stream := func(name string) philox.Stream {
		return philox.New(o.Seed, fmt.Sprintf("online/%d/%s", i, name))
	}
	s := &student{
		Online: o, v: theory.Normals(stream("weights"), o.N), x: make([]float32, o.N), plastic: make([]uint64, (o.N+63)/64),
		inputs: stream("inputs"), labels: stream("labels"), mask: stream("mask"), threshold: philox.Threshold(o.P),
	}
	s.rate, s.bound = o.effective()
	s.rate /= math.Sqrt(float64(o.N))
	floats.Scale(math.Sqrt(o.Start*float64(o.N))/floats.Norm(s.v, 2), s.v)
	s.start = append([]float64(nil), s.v...)
	return s
}

// learn lets the student learn and returns its trajectory.
func (s *student) learn(ctx context.Context) *trajectory {
	c, learned := s.newTrajectory(), 0
	c.grain = 1 / float64(s.N)
	for row, count := range s.presentations() {
		if row > 0 {
			c.m0[row], c.m1[row], c.dissipation[row] = c.m0[row-1], c.m1[row-1], c.dissipation[row-1]
		}
		for ; learned < count; learned++ {
			if ctx.Err() != nil {
				return c
			}
			s.present(uint64(learned), c, row)
		}
		c.distance[row] = theory.SquaredNorm(s.v) / float64(s.N)
		c.displacement[row] = floats.Distance(s.v, s.start, 1) / float64(s.N)
	}
	return c
}

// present learns presentation number k and adds to the sums of a row.
func (s *student) present(k uint64, c *trajectory, row int) {
	s.inputs.Normals(k, 0, s.x)
	s.mask.Below(k, 0, s.threshold, s.plastic)
	delta := theory.Dot(s.v, s.x)/math.Sqrt(float64(s.N)) - s.Noise*s.labels.Normal(k, 0)
	changes, change, dissipation := 0, 0.0, 0.0
	for j, x := range s.x {
		plastic := int(s.plastic[j/64] >> (j % 64) & 1)
		g := delta * float64(x) * float64(plastic)
		clipped := min(max(g, -s.bound), s.bound)
		s.v[j] -= s.rate * clipped
		changes += plastic
		change += math.Abs(clipped)
		dissipation += clipped * g
	}
	n := float64(s.N)
	c.m0[row] += float64(changes) / n
	c.m1[row] += s.rate * change / n
	c.dissipation[row] += s.rate * dissipation / math.Sqrt(n) / n
}
