package masks_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
)

// The rules below are those of docs/add-a-rule.md. A test compares the two texts.
// Real rules are not in a test file.

// begin mask

// Bouts lets each layer learn in bouts: in a step it learns with probability P,
// all of its synapses or none.
type Bouts struct {
	P float64 `key:"p" doc:"probability that a layer learns in a step" in:"[0,1]"`
}

var _ masks.MaskSpec = (*Bouts)(nil)

func init() {
	masks.Masks.Register("bouts", schema.Doc{Summary: "each layer learns with probability p, all of it or none"},
		func() masks.MaskSpec { return &Bouts{P: 0.5} })
}

// bouts is a Bouts mask of a network.
type bouts struct {
	*Bouts
	stream philox.Stream
	step   uint64
}

// New implements MaskSpec.
func (b *Bouts) New(_ masks.Network, seed uint64, name string) (masks.Mask, error) {
	return &bouts{Bouts: b, stream: philox.New(seed, name+"/layers")}, nil
}

// Begin implements Mask.
func (m *bouts) Begin(step *masks.Step) error {
	m.step = step.Number
	return nil
}

// KeepsAll implements Mask: a layer that learns is left alone.
func (m *bouts) KeepsAll(s *masks.Synapses) bool {
	return m.stream.Float64(m.step, uint64(s.Layer)) < m.P
}

// Select implements Mask. It is asked about layers that do not learn only, and
// keeps none of their synapses.
func (m *bouts) Select(_ *masks.Synapses, _, _ int, kept []int32) []int32 { return kept }

// end mask

// begin gate

// Margin learns from a presentation unless the right output leads all others
// by more than Lead.
type Margin struct {
	Lead float64 `key:"lead" doc:"lead of the right output above which nothing is learned, in units of the output" in:"[0,inf)"`
}

var _ masks.Gate = (*Margin)(nil)

func init() {
	masks.Gates.Register("margin", schema.Doc{Summary: "update where the right output leads by no more than a margin"},
		func() masks.Gate { return &Margin{Lead: 1} })
}

// Check implements Gate.
func (*Margin) Check(net masks.Network) error {
	if net.Classes == 0 {
		return schema.Fieldf("kind", "margin needs classes, and the data has real-valued targets; set none")
	}
	return nil
}

// Always implements Gate.
func (*Margin) Always() bool { return false }

// Opens implements Gate: the target is 1 at the right output.
func (m *Margin) Opens(output, target []float32) bool {
	right := output[slices.Index(target, slices.Max(target))]
	for o, y := range output {
		if target[o] != slices.Max(target) && float64(right)-float64(y) <= m.Lead {
			return true
		}
	}
	return false
}

// end gate

// begin error

// Loud sends back errors that are not small beside the largest of their layer.
type Loud struct {
	Share float64 `key:"share" doc:"share of the presentation's largest |error| of the layer below which errors are dropped" in:"[0,1]"`
}

var _ masks.Error = (*Loud)(nil)

func init() {
	masks.Errors.Register("loud", schema.Doc{Summary: "errors below a share of their layer's largest are not sent back"},
		func() masks.Error { return &Loud{Share: 0.1} })
}

// Check implements Error: any network will do.
func (*Loud) Check(masks.Network) error { return nil }

// KeepsAll implements Error.
func (l *Loud) KeepsAll() bool { return l.Share == 0 }

// Filter implements Error: errors is [B,units].
func (l *Loud) Filter(errors []float32, units int) {
	for row := range slices.Chunk(errors, units) {
		least := float32(l.Share) * max(slices.Max(row), -slices.Min(row))
		for u, e := range row {
			if max(e, -e) < least {
				row[u] = 0
			}
		}
	}
}

// end error

func TestPageShowsTheRules(t *testing.T) {
	source, err := os.ReadFile("page_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/add-a-rule.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range []string{"mask", "gate", "error"} {
		_, rule, _ := strings.Cut(string(source), "// begin "+stage+"\n\n")
		rule, _, _ = strings.Cut(rule, "\n// end "+stage)
		if !strings.Contains(string(page), "```go\n"+rule+"```\n") {
			t.Errorf("docs/add-a-rule.md does not show the %s as it stands here:\n%s", stage, rule)
		}
	}
}

// The page's rules do what they say.
func TestPagesRulesWork(t *testing.T) {
	if !(&Margin{Lead: 1}).Opens([]float32{0, 1.5, 0.7}, []float32{0, 1, 0}) || (&Margin{Lead: 1}).Opens([]float32{0, 1.5, 0.4}, []float32{0, 1, 0}) {
		t.Error("margin does not open at a lead of 0.8, or opens at 1.1")
	}
	errors := []float32{0.05, -1, 0.2, 0, -0.02, 0.1}
	(&Loud{Share: 0.1}).Filter(errors, 3)
	if want := []float32{0, -1, 0.2, 0, -0.02, 0.1}; !slices.Equal(errors, want) {
		t.Errorf("loud errors are %v, want %v", errors, want)
	}
	m, err := (&Bouts{P: 0.25}).New(masks.Network{}, 1, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	learns := 0
	for step := range uint64(1000) {
		if err := m.Begin(&masks.Step{Number: step}); err != nil {
			t.Fatal(err)
		}
		if m.KeepsAll(&masks.Synapses{Layer: 1}) {
			learns++
		}
	}
	if learns < 180 || learns > 320 { // 250 ± 5 deviations of 13.7
		t.Errorf("a layer learned in %d of 1000 steps, expected about 250", learns)
	}
}
