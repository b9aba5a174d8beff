package masks_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"ergon/internal/schema"
	"ergon/masks"
)

// The rule below is the README's example of a rule of one's own. A test compares
// the two texts, but for the name, which begins with page_ here: so it may be tried in
// masks/rules.

// begin rule

// Weak lets a synapse change only while its weight is small.
type Weak struct {
	Below float64 `key:"below" doc:"largest |w| that may change" in:"(0,inf]"`
}

func init() {
	masks.Masks.Register("page_weak", schema.Doc{Summary: "only synapses with |w| < below may change"},
		func() masks.MaskSpec { return &Weak{Below: 0.1} })
}

// New implements MaskSpec: the mask needs nothing but its parameter.
func (m *Weak) New(masks.Network, uint64, string) (masks.Mask, error) { return m, nil }

// Begin implements Mask: nothing is drawn.
func (m *Weak) Begin(*masks.Step) error { return nil }

// KeepsAll implements Mask.
func (m *Weak) KeepsAll(*masks.Synapses) bool { return false }

// Select implements Mask.
func (m *Weak) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	for i := lo; i < hi; i++ {
		if math.Abs(float64(s.Weights[i])) < m.Below {
			kept = append(kept, int32(i))
		}
	}
	return kept
}

// end rule

var _ masks.MaskSpec = (*Weak)(nil)

func TestReadmeShowsTheRule(t *testing.T) {
	source, err := os.ReadFile("weak_test.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rule, _ := strings.Cut(string(source), "// begin rule\n\n")
	rule, _, _ = strings.Cut(rule, "\n// end rule")
	if !strings.Contains(string(readme), "```go\n"+strings.ReplaceAll(rule, "page_", "")+"```\n") {
		t.Errorf("the README does not show the rule as it stands here:\n%s", rule)
	}
}

func TestWeakSelects(t *testing.T) {
	s := &masks.Synapses{In: 2, Out: 2, Weights: []float32{0.05, -0.5, -0.09, 0.2}}
	mask, err := (&Weak{Below: 0.1}).New(masks.Network{}, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	if kept := mask.Select(s, 0, 4, nil); len(kept) != 2 || kept[0] != 0 || kept[1] != 2 {
		t.Errorf("kept %v, want [0 2]", kept)
	}
}
