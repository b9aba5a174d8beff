package protocol

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/internal/selection"
	"ergon/theory"
)

// students are what simulated students paid, by the protocol and at the constant rate.
type students struct{ cheapest, constant []*course }

// lesson is how one presentation is learned: what was predicted for it, which students follow
// whatever their own e is.
type lesson struct{ rate, threshold, share float64 }

// simulate lets the students learn, each on one core.
func (p *Protocol) simulate(ctx context.Context) (students, error) {
	if p.Simulate == 0 {
		return students{}, nil
	}
	counts, constant := p.presentations(), p.constant()
	cheapest := plan{counts, p.lessons(counts[p.Points], nil), p.perFall(p.Target, p.at(p.Target))}
	n := int(math.Round(constant.time * float64(p.N)))
	compared := plan{[]int{0, n}, p.lessons(n, &constant.control), p.perFall(p.Target, constant.control)}
	s := students{make([]*course, p.Simulate), make([]*course, p.Simulate)}
	done := theory.ProgressCounter(ctx, 2*p.Simulate)
	err := theory.Parallel(ctx, 2*p.Simulate, func(i int) {
		if i < p.Simulate {
			s.cheapest[i] = p.student(i).learn(ctx, cheapest)
		} else {
			s.constant[i-p.Simulate] = p.student(i).learn(ctx, compared)
		}
		done()
	})
	return s, err
}

// plan is a course to be simulated: the presentations that precede each row, how each is
// learned, and what is paid per fall of e at the end.
type plan struct {
	counts  []int
	lessons []lesson
	slopes  totals
}

// lessons follows the predicted e by midpoint steps of 1/N, with the cheapest control or a
// given one.
func (p *Protocol) lessons(n int, given *control) []lesson {
	list, e := make([]lesson, n), p.Start
	control := func(e float64) control {
		if given != nil {
			return *given
		}
		return p.at(e)
	}
	for i := range list {
		middle := e + p.fall(e, control(e))/float64(2*p.N)
		c := control(middle)
		list[i] = lesson{c.rate, c.threshold, c.share}
		if p.Select == "gate" {
			list[i].threshold *= math.Sqrt(p.variance(middle))
		}
		e += p.fall(middle, c) / float64(p.N)
	}
	return list
}

// A student learns; only w - w* matters. It starts at exactly e₀.
type student struct {
	*Protocol
	difference           []float64 // w - w*, [N]
	x                    []float32 // [N]
	keys                 []uint32  // of |x|, [N]
	plastic              []uint64  // a random mask, one bit for each synapse
	inputs, labels, mask philox.Stream
	owed                 float64 // share of a synapse that top selections still owe
}

func (p *Protocol) student(i int) *student {
	stream := func(name string) philox.Stream { return philox.New(p.Seed, fmt.Sprintf("protocol/%d/%s", i, name)) }
	s := &student{
		Protocol: p, difference: theory.Normals(stream("weights"), p.N), x: make([]float32, p.N), keys: make([]uint32, p.N),
		plastic: make([]uint64, (p.N+63)/64), inputs: stream("inputs"), labels: stream("labels"), mask: stream("mask"), owed: stream("owed").Float64(0, 0),
	}
	floats.Scale(math.Sqrt(p.Start*float64(p.N))/floats.Norm(s.difference, 2), s.difference)
	return s
}

// learn lets the student learn and returns its course.
func (s *student) learn(ctx context.Context, plan plan) *course {
	c := newCourse(len(plan.counts))
	n, learned := float64(s.N), 0
	c.grain, c.slopes = 1/(n*n), plan.slopes
	for row, count := range plan.counts {
		if row > 0 {
			c.m0[row], c.m1[row] = c.m0[row-1], c.m1[row-1]
		}
		for ; learned < count; learned++ {
			if ctx.Err() != nil {
				return c
			}
			changes, path := s.present(uint64(learned), plan.lessons[learned])
			c.m0[row] += float64(changes) / (n * n)
			c.m1[row] += path / n / math.Sqrt(n)
		}
		c.times[row] = float64(count) / n
		c.distance[row] = theory.SquaredNorm(s.difference) / n
	}
	c.missing = c.distance[len(c.distance)-1] - s.Target
	return c
}

// atTarget returns M0/N, M1/√N, t and the cost until e is the target: those at the end and, to
// first order, of what is missing.
func (c *course) atTarget(p *Protocol) [4]float64 {
	last := len(c.times) - 1
	t := p.price(totals{
		m0: c.m0[last] + c.missing*c.slopes.m0, m1: c.m1[last] + c.missing*c.slopes.m1, time: c.times[last] + c.missing*c.slopes.time,
	})
	return [4]float64{t.m0, t.m1, t.time, t.cost}
}

// present learns presentation number k and returns how many synapses changed and by how much
// in all.
func (s *student) present(k uint64, l lesson) (changes int, path float64) {
	root := math.Sqrt(float64(s.N))
	s.inputs.Normals(k, 0, s.x)
	delta := theory.Dot(s.difference, s.x)/root - s.Noise*s.labels.Normal(k, 0)
	if s.Select == "gate" && math.Abs(delta) <= l.threshold {
		return 0, 0
	}
	kept := s.selected(k, l.share)
	for j, x := range s.x {
		if kept(j) {
			change := l.rate / root * delta * float64(x)
			s.difference[j] -= change
			path += math.Abs(change)
			changes++
		}
	}
	return changes, path
}

// selected says which synapses the presentation changes. Of the largest |x| it takes as
// many as bring the number so far to its mean, rounded up or down by a draw of each student's own.
func (s *student) selected(k uint64, share float64) func(j int) bool {
	switch {
	case s.Select == "random":
		s.mask.Below(k, 0, philox.Threshold(share), s.plastic)
		return func(j int) bool { return s.plastic[j/64]>>(j%64)&1 == 1 }
	case s.Select == "gate":
		return func(int) bool { return true }
	}
	s.owed += share * float64(s.N)
	count := min(int(s.owed), s.N)
	s.owed -= float64(count)
	if count == 0 {
		return func(int) bool { return false }
	}
	for j, x := range s.x {
		s.keys[j] = selection.Key(x)
	}
	least := selection.KthLargest(s.keys, count)
	return func(j int) bool { return selection.Key(s.x[j]) >= least }
}
