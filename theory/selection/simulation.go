package selection

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	winners "ergon/internal/selection"
	"ergon/theory"
)

// simulate lets the students learn, each on one core.
func (s *Selection) simulate(ctx context.Context) ([]*trajectory, error) {
	trajectories := make([]*trajectory, s.Simulate)
	done := theory.ProgressCounter(ctx, len(trajectories))
	err := theory.Parallel(ctx, len(trajectories), func(i int) {
		trajectories[i] = s.student(i).learn(ctx)
		done()
	})
	return trajectories, err
}

// A student learns; only v = w - w* matters. It starts at exactly e(0).
type student struct {
	*Selection
	v, start       []float64 // [N]
	x              []float32 // [N]
	g              []float32 // [N], the gradient δ·x
	keys           []uint32  // [N], sizes of g as integers, in the order that the search leaves
	inputs, labels philox.Stream
	rate           float64 // η/√N
	least          limits  // θ and κ; a competition looks at the presentation
}

// student returns student number i.
func (s *Selection) student(i int) *student {
	stream := func(name string) philox.Stream {
		return philox.New(s.Seed, fmt.Sprintf("selection/%d/%s", i, name))
	}
	one := &student{
		Selection: s, v: theory.Normals(stream("weights"), s.N), x: make([]float32, s.N), g: make([]float32, s.N), keys: make([]uint32, s.N),
		inputs: stream("inputs"), labels: stream("labels"), rate: s.LearningRate / math.Sqrt(float64(s.N)), least: s.limits(),
	}
	floats.Scale(math.Sqrt(s.Start*float64(s.N))/floats.Norm(one.v, 2), one.v)
	one.start = append([]float64(nil), one.v...)
	return one
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
	delta := theory.Dot(s.v, s.x)/math.Sqrt(float64(s.N)) - s.Noise*s.labels.Normal(k, 0)
	if math.Abs(delta) <= s.least.error {
		return
	}
	for j, x := range s.x {
		s.g[j] = float32(delta) * x
	}
	least, ties := s.threshold()
	changes, change, squares := 0, 0.0, 0.0
	for j, g := range s.g {
		size, key := math.Abs(float64(g)), winners.Key(g)
		if key == least {
			ties--
		}
		if key < least || key == least && ties < 0 || size <= s.least.gradient {
			continue
		}
		s.v[j] -= s.rate * float64(g)
		changes++
		change += size
		squares += size * size
	}
	n := float64(s.N)
	c.m0[row] += float64(changes) / n
	c.m1[row] += s.rate * change / n
	c.dissipation[row] += s.rate * squares / math.Sqrt(n) / n
}

// threshold returns the key of the least gradient that wins the competition, and how many
// of those that equal it win, the first.
func (s *student) threshold() (least uint32, ties int) {
	k := s.winners()
	if k == s.N {
		return 0, k
	}
	for j, g := range s.g {
		s.keys[j] = winners.Key(g)
	}
	least, ties = winners.KthLargest(s.keys, k), k
	for _, g := range s.g {
		if winners.Key(g) > least {
			ties--
		}
	}
	return least, ties
}
