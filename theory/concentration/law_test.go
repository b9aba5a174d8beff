package concentration

import (
	"math"
	"testing"

	"ergon/theory/descent"
	"ergon/theory/theorytest"
)

// A rule that keeps half of the descent first and a quarter then takes twice and four times as long
// in the halves of the course.
func TestLaw(t *testing.T) {
	c := course{
		rule:  []descent.Sums{{Descent: 5, Work: 30, M0: 10, M1: 2}, {Descent: 1, Work: 8, M0: 20, M1: 3}},
		plain: []descent.Sums{{Descent: 10, Work: 60, M0: 100, M1: 8}, {Descent: 4, Work: 40, M0: 100, M1: 6}},
	}
	x := c.predict()
	for _, n := range []struct {
		name      string
		got, want float64
	}{
		{"time", x.time, 3}, {"a", x.a, 1. / 3}, {"a_noise", x.noise, (0.5 + 0.2) / 2},
		{"M0 saving", x.m0, 200. / (10*2 + 20*4)}, {"M1 saving", x.m1, 14. / (2*2 + 3*4)},
		{"p", x.p, (10*2 + 20*4) / 6. / 100}, {"m", x.m, (2*2 + 3*4) / 6. / 7},
	} {
		theorytest.Near(t, n.name, n.got, n.want, 1e-12)
	}
	c.rule[1].Descent = -1
	if x := c.predict(); !math.IsInf(x.time, 1) || x.a != 0 || x.m0 != 0 || x.p != 30./200 {
		t.Errorf("a rule that climbs: %+v", x)
	}
}

// The jackknife leaves out a chunk in all parts, and layers add up.
func TestErrors(t *testing.T) {
	chunk := func(d float64) descent.Chunk {
		return descent.Chunk{{{Descent: 1, Work: 1, M0: 10, M1: 1}, {Descent: 1, Work: 1, M0: 10, M1: 1}}, {{Descent: d, Work: d, M0: 1, M1: 1}, {Descent: 1, Work: 1, M0: 10, M1: 1}}}
	}
	m := measurement{parts: [][]descent.Chunk{{chunk(0.4), chunk(0.6)}, {chunk(0.4), chunk(0.6)}}, ends: make([]follower, 1)}
	first, all := m.predictFrom(0, 0), m.predictFrom(0, -1)
	theorytest.Near(t, "a of layer 1", first.a, 0.5, 1e-12)
	theorytest.Near(t, "its error", first.errors.a, 0.1, 1e-12) // half the distance of two
	theorytest.Near(t, "a", all.a, 0.75, 1e-12)
	theorytest.Near(t, "p", all.p, 11./20, 1e-12)
	theorytest.Near(t, "M0 of a batch", m.plain(-1, 2).M0, 20, 1e-12) // two chunks of one batch each
}
