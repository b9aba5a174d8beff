package masks_test

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// The kinds below are those of docs/add-a-rule.md. A test compares the two texts.
// Real kinds are not in a test file, and stand in masks/rules.

// begin mask

// Bouts lets each layer learn in bouts: in a step it learns with probability P,
// all of its synapses or none.
type Bouts struct {
	P float64 `key:"p" doc:"probability that a layer learns in a step" in:"[0,1]"`
}

var _ masks.MaskSpec = (*Bouts)(nil)

func init() {
	masks.Masks.Register("page_bouts", schema.Doc{Summary: "each layer learns with probability p, all of it or none"},
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
	masks.Gates.Register("page_margin", schema.Doc{Summary: "update where the right output leads by no more than a margin"},
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
	masks.Errors.Register("page_loud", schema.Doc{Summary: "errors below a share of their layer's largest are not sent back"},
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

// begin stateful mask

// Refractory lets a synapse change with probability P, and then not for Rest steps.
type Refractory struct {
	P    float64 `key:"p" doc:"probability that a synapse that is not at rest may change" in:"[0,1]"`
	Rest int     `key:"rest" doc:"steps in which a synapse that could change may not change again" in:"[0,inf)"`
}

var _ masks.MaskSpec = (*Refractory)(nil)

func init() {
	masks.Masks.Register("page_refractory", schema.Doc{Summary: "a synapse may change with probability p, and then not for some steps"},
		func() masks.MaskSpec { return &Refractory{P: 0.5, Rest: 3} })
}

// refractory is a Refractory mask of a network.
type refractory struct {
	*Refractory
	stream philox.Stream
	step   uint64
	last   [][]uint64 // of each array and synapse: 1 + the step in which it could change last; 0: none
}

// New implements MaskSpec.
func (r *Refractory) New(net masks.Network, seed uint64, name string) (masks.Mask, error) {
	m := &refractory{Refractory: r, stream: philox.New(seed, name+"/synapses")}
	for _, s := range masks.Arrays(net.Layers) {
		m.last = append(m.last, make([]uint64, s.In*s.Out))
	}
	return m, nil
}

// Begin implements Mask. A step that is begun again is drawn again, the same.
func (m *refractory) Begin(step *masks.Step) error {
	m.step = step.Number
	for _, s := range step.Arrays {
		for i, last := range m.last[s.Index] {
			since := m.step + 1 - last
			atRest := last > 0 && since > 0 && since <= uint64(m.Rest)
			if !atRest && m.stream.Float64(m.step, uint64(s.Index)<<32|uint64(i)) < m.P {
				m.last[s.Index][i] = m.step + 1
			}
		}
	}
	return nil
}

// KeepsAll implements Mask.
func (m *refractory) KeepsAll(*masks.Synapses) bool { return false }

// Select implements Mask: it reads what Begin has noted.
func (m *refractory) Select(s *masks.Synapses, lo, hi int, kept []int32) []int32 {
	for i := lo; i < hi; i++ {
		if m.last[s.Index][i] == m.step+1 {
			kept = append(kept, int32(i))
		}
	}
	return kept
}

// State implements state.Stateful.
func (m *refractory) State(v state.Visitor) { v.JSON("last", &m.last) }

// end stateful mask

// begin optimizer

// Signum changes every synapse by Step, against the sign of the running mean of
// its gradient: v ← βv + (1-β)g, Δw = -Step·sign(v).
type Signum struct {
	Step float64 `key:"step" doc:"size of every change, in units of the weights" in:"(0,inf)"`
	Beta float64 `key:"beta" doc:"decay β of the mean of g, per step in which the synapse may change" in:"[0,1)"`
}

var (
	_ masks.OptimizerSpec = (*Signum)(nil)
	_ masks.RuleChecker   = (*Signum)(nil)
	_ state.Stateful      = (*signum)(nil)
)

func init() {
	masks.Optimizers.Register("page_signum", schema.Doc{Summary: "v ← beta·v + (1-beta)·g, Δw = -step·sign(v)", Source: "Bernstein et al. 2018, arXiv 1802.04434"},
		func() masks.OptimizerSpec { return &Signum{Step: 1e-4, Beta: 0.9} })
}

// signum is a Signum with its memory.
type signum struct {
	step, beta, rest float32
	mean             [][]float32 // v of each array and synapse
}

// New implements OptimizerSpec.
func (s *Signum) New(net masks.Network, _ uint64, _ string) (masks.Optimizer, error) {
	return &signum{float32(s.Step), float32(s.Beta), float32(1 - s.Beta), net.Zeros()}, nil
}

// CheckRule implements RuleChecker: a clip below Step would make it another rule.
func (s *Signum) CheckRule(r *masks.Rule, net masks.Network) error {
	limits, err := r.Clip.Limits(net)
	if err == nil && float64(slices.Min(limits.Value)) < s.Step {
		err = schema.Fieldf("rule.clip", "is below the step of signum, %g: every change would be that of the clip; take none", s.Step)
	}
	return err
}

// Begin implements Optimizer: nothing is the same for all synapses.
func (*signum) Begin() {}

// Update implements Optimizer.
func (s *signum) Update(array, i int, g float32) float32 {
	v := &s.mean[array][i]
	*v = float32(s.beta**v) + float32(s.rest*g)
	switch {
	case *v > 0:
		return -s.step
	case *v < 0:
		return s.step
	}
	return 0
}

// Traffic implements Accounted: v of each synapse kept is read and written, unless β = 0
// makes it the gradient.
func (s *signum) Traffic(u masks.Usage) (t masks.Traffic) {
	if s.beta != 0 {
		t = masks.Traffic{Reads: u.Kept, Writes: u.Kept}
	}
	return t
}

// State implements state.Stateful.
func (s *signum) State(v state.Visitor) { state.Float32Arrays(v, "mean", s.mean) }

// end optimizer

// begin cache

// Nightly makes changes permanent together, every so many presentations.
type Nightly struct {
	Every int `key:"every" doc:"presentations after which all changes become permanent" in:"[1,inf)"`
}

var _ masks.Cache = (*Nightly)(nil)

func init() {
	masks.Caches.Register("page_nightly", schema.Doc{Summary: "all changes become permanent together, every so many presentations"},
		func() masks.Cache { return &Nightly{Every: 1000} })
}

// nightly is a Nightly of a network: a weight is w = l + s, l being permanent.
type nightly struct {
	*Nightly
	all       []*masks.Synapses
	permanent [][]float32           // l of each array
	awake     int                   // presentations since all was permanent
	last      []masks.Consolidation // of each layer
}

// New implements Cache.
func (n *Nightly) New(all []*masks.Synapses, _ *parallel.Pool) masks.Memory {
	return &nightly{Nightly: n, all: all, last: make([]masks.Consolidation, all[len(all)-1].Layer+1)}
}

// Price implements Cache: Σ|Δl|.
func (*Nightly) Price(c masks.Consolidation) float64 { return c.M1 }

// Start implements Memory.
func (m *nightly) Start() {
	for _, s := range m.all {
		m.permanent = append(m.permanent, slices.Clone(s.Weights))
	}
}

// Consolidate implements Memory.
func (m *nightly) Consolidate(presentations int, _ []masks.Change) {
	clear(m.last)
	if m.permanent == nil { // nothing was learned yet
		return
	}
	m.awake += presentations
	night := m.awake >= m.Every
	for a, s := range m.all {
		for i, w := range s.Weights {
			change := math.Abs(float64(w) - float64(m.permanent[a][i]))
			switch {
			case change == 0:
			case night:
				m.last[s.Layer].Add(masks.Consolidation{M0: 1, M1: change})
				m.permanent[a][i] = w
			default:
				m.last[s.Layer].Transient += change * float64(presentations)
			}
		}
	}
	if night {
		m.awake = 0
	}
}

// Consolidations implements Memory.
func (m *nightly) Consolidations() []masks.Consolidation { return m.last }

// Permanent implements Memory.
func (m *nightly) Permanent() [][]float32 { return m.permanent }

// Traffic implements Accounted: at night w of each synapse is read, and l written where
// it is another.
func (m *nightly) Traffic(u masks.Usage) (t masks.Traffic) {
	if m.permanent != nil && m.awake == 0 {
		t = masks.Traffic{Reads: u.Synapses, Writes: u.Cached.M0}
	}
	return t
}

// State implements state.Stateful.
func (m *nightly) State(v state.Visitor) {
	v.JSON("awake", &m.awake)
	masks.ShowPermanent(v, &m.permanent, m.all)
}

// end cache

func TestPageShowsTheRules(t *testing.T) {
	source, err := os.ReadFile("page_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/add-a-rule.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range []string{"mask", "stateful mask", "gate", "error", "optimizer", "cache"} {
		_, rule, _ := strings.Cut(string(source), "// begin "+stage+"\n\n")
		rule, _, _ = strings.Cut(rule, "\n// end "+stage)
		if !strings.Contains(string(page), "```go\n"+strings.ReplaceAll(rule, "page_", "")+"```\n") {
			t.Errorf("docs/add-a-rule.md does not show the %s as it stands here:\n%s", stage, rule)
		}
	}
}

// The page's kinds keep their contracts, as its last section tests them.
func TestPagesRulesConform(t *testing.T) {
	make := func(rule masks.Rule, net masks.Network, seed uint64) (maskstest.Stepper, error) {
		return cpu.NewUpdater(rule, net, seed, nil)
	}
	for _, kind := range [][2]string{
		{"mask", "page_bouts"}, {"mask", "page_refractory"}, {"mask", "page_weak"}, {"gate", "page_margin"}, {"error", "page_loud"},
		{"optimizer", "page_signum"}, {"cache", "page_nightly"},
	} {
		t.Run(kind[1], func(t *testing.T) { maskstest.Kind(t, kind[0], kind[1], make) })
	}
}

// An optimizer whose changes have one size refuses a clip below it.
func TestPagesOptimizerRefusesAClip(t *testing.T) {
	rule := rules.Default()
	rule.Optimizer, rule.Clip = &Signum{Step: 0.01, Beta: 0.9}, &rules.ClipValue{Bound: []float64{0.001}}
	_, err := rule.Limits(masks.Network{Layers: []masks.Layer{{In: 2, Out: 1}}})
	if err == nil || !strings.HasPrefix(err.Error(), "rule.clip: is below the step of signum, 0.01") {
		t.Errorf("error %v", err)
	}
}

// The page's kinds do what they say.
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
