package masks

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/internal/schema"
)

func TestShareOfEachLayer(t *testing.T) {
	paper := Network{Layers: []Layer{{In: 785, Out: 200, Constant: 1}, {In: 200, Out: 10}}}
	for _, c := range []struct {
		share Share
		want  []float64
	}{
		{Share{P: []float64{0.3}}, []float64{0.3, 0.3}},
		{Share{P: []float64{0.3, 0.7}}, []float64{0.3, 0.7}},
		{Share{P: []float64{0.01}, Balance: true}, []float64{0.01, 0.784}}, // van Rossum & Pache 2024: 78.4 p
		{Share{P: []float64{0.1}, Balance: true}, []float64{0.1, 1}},
		{Share{P: []float64{0}, Balance: true}, []float64{0, 0}},
	} {
		got, err := c.share.Of(paper)
		if err != nil {
			t.Fatal(err)
		}
		for l := range got {
			if math.Abs(got[l]-c.want[l]) > 1e-15 {
				t.Errorf("%+v: shares %v, want %v", c.share, got, c.want)
			}
		}
	}
}

func TestShareDoesNotWriteToItsSettings(t *testing.T) {
	s := Share{P: []float64{0.1, 0.2}}
	got, err := s.Of(Network{Layers: make([]Layer, 2)})
	if err != nil {
		t.Fatal(err)
	}
	got[0] = 9
	if !cmp.Equal(s.P, []float64{0.1, 0.2}) {
		t.Errorf("the settings became %v", s.P)
	}
}

func TestWrongShares(t *testing.T) {
	net := Network{Layers: make([]Layer, 3)}
	for problem, s := range map[string]Share{
		"p: 2 numbers for 3 layers": {P: []float64{0.1, 0.2}},
		"p: is empty":               {},
		"balance: follows":          {P: []float64{0.1, 0.2, 0.3}, Balance: true},
	} {
		_, err := s.Of(net)
		if err == nil || !strings.Contains(err.Error(), problem) || !schema.IsField(err) {
			t.Errorf("%+v: error %v, want %q", s, err, problem)
		}
	}
}
