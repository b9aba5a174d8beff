package competitive

import (
	"testing"

	"ergon/masks"
)

// The paper's counts for its network, p = 0.01 with balancing: element
// round(0.99·(n-1)) of the ascending order and everything above it.
func TestQuotaOfThePaper(t *testing.T) {
	for _, c := range []struct {
		p    float64
		n    int
		want int
	}{
		{0.01, 157000, 157000 - 155429}, // round(0.99·156999) = 155429.01
		{0.784, 2000, 2000 - 432},       // round(0.216·1999) = 431.8
		{1, 10, 10}, {0, 10, 1},         // the largest is never below itself
		{0.5, 4, 4 - 2}, // round(1.5) = 2, half to even
		{0.5, 6, 6 - 2}, // round(2.5) = 2
	} {
		if got := quota(c.p, c.n); got != c.want {
			t.Errorf("p %v of %d: %d winners, want %d", c.p, c.n, got, c.want)
		}
	}
}

func TestWrongCompetitions(t *testing.T) {
	layers := masks.Network{Layers: []masks.Layer{{In: 3, Out: 4}, {In: 4, Out: 2}}}
	for name, spec := range map[string]*Competitive{
		"three shares of two layers": {Share: masks.Share{P: []float64{1, 0.5, 1}}, Among: "layer"},
		"no such layer":              {Share: masks.Share{P: []float64{0.5}}, Among: "layer", Scope: masks.Scope{Layers: []int{3}}},
	} {
		if _, err := spec.New(layers, 0, ""); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, spec := range map[string]*Competitive{
		"shares of one network": {Share: masks.Share{P: []float64{1, 0.5}}, Among: "network"},
		"neurons of a network":  {Share: masks.Share{P: []float64{0.5}}, Among: "network", By: "error"},
		"no share":              {Among: "layer"},
	} {
		if err := spec.Validate(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
