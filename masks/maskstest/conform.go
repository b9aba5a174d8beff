package maskstest

import (
	"flag"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/reference"
)

// Stepper applies a rule to a network, step by step.
type Stepper interface {
	G.Solver
	Present(p masks.Presentation)     // what the next Step's gradients come from
	Rest(presentations int)           // instead of Step: time passes
	Transmit(weights [][]float32)     // before the forward pass
	Restore(weights [][]float32)      // after it
	Changes() []masks.Change          // of each layer, in the last step
	Memory() masks.Memory             // of the cache, or nil
	Transmission() masks.Transmission // of the synapses, or nil
	Attach(weights [][]float32)       // of the network, for a Rest before the first Step
}

// AheadDrawer is a Stepper that may know before the backward pass whose errors
// the next step looks at: of each layer these units, nil being all, or nil.
type AheadDrawer interface {
	Stepper
	DrawAhead() (live [][]int32, err error)
}

// Accountant is a Stepper that counts the traffic of the last step: numbers that the rule
// read and wrote, of each layer, of what it remembers of synapses. Its changes hold the
// work, too.
type Accountant interface {
	Stepper
	Traffic() []masks.Traffic
	Accumulations() []masks.Accumulation // of the state beside the weights
}

var _ Accountant = (*reference.Updater)(nil)

// New makes a Stepper of a rule. An error that is a *schema.Error refuses the rule.
type New func(rule masks.Rule, net masks.Network, seed uint64) (Stepper, error)

// Conform checks that what make returns leaves the same bits as the reference,
// under rules of all registered kinds: weights, M0 and counts exactly, sums to
// 1e-12. So does what goes on with the memory of another, of its own kind or of the
// reference. A kind is in it by registering; the caller imports ergon/masks/rules.
//
// A kind that make refuses is skipped. It must be refused by its name.
func Conform(t *testing.T, make New) {
	t.Run("equals the reference", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { equalsReference(t, make, "", schema.Kind{}) })
	})
	t.Run("masked synapses keep their bits", func(t *testing.T) { maskedKeepTheirBits(t, make) })
	t.Run("optimizers in every way", func(t *testing.T) { optimizersEveryWay(t, make) })
	for _, stage := range Stages() {
		for _, kind := range stage.Kinds {
			t.Run(stage.Key+" "+kind.Name, func(t *testing.T) {
				ofKind(t, make, stage.Key, kind)
			})
		}
	}
}

// ofKind compares rules of a kind with the reference: it alone, with its own
// settings drawn, and with kinds of other stages.
func ofKind(t *testing.T, make New, stage string, kind schema.Kind) {
	net := masks.Network{Layers: []masks.Layer{{In: 5, Out: 4, ScaleInvariant: true}, {In: 4, Out: 3, Bias: true}}, Classes: Classes}
	rule, err := Decode(map[string]any{stage: kind.Name})
	if err != nil {
		t.Fatal(err)
	}
	_, fault := reference.NewUpdater(rule, net, 1)
	if _, err := make(rule, net, 1); err != nil && fault == nil { // not for its settings
		if !Refused(err) || !strings.Contains(err.Error(), kind.Name) || !strings.HasPrefix(err.Error(), "rule."+stage) {
			t.Fatalf("refused with %q, want a *schema.Error of rule.%s that names %s", err, stage, kind.Name)
		}
		t.Skip(err)
	}
	property := func(t *rapid.T) { equalsReference(t, make, stage, kind) }
	if stage == "mask" { // what can be wrong with a mask is seldom seen
		rapid.Check(t, property)
		return
	}
	checkSome(t, property)
}

// checkSome is rapid.Check with a third of its checks.
func checkSome(t *testing.T, property func(t *rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	before := checks.String()
	if n, err := strconv.Atoi(before); err != nil || checks.Set(strconv.Itoa((n+2)/3)) != nil {
		t.Fatalf("rapid.checks is %s", before)
	}
	defer func() { _ = checks.Set(before) }()
	rapid.Check(t, property)
}

// a trial is a rule for a network, and what applies it.
type trial struct {
	net     masks.Network
	rule    masks.Rule
	seed    uint64
	stepper Stepper
}

// drawTrial draws a network and a rule, with a kind in a stage if one is named, until make
// takes them. change, which may be nil, is made to the rule before.
func drawTrial(t *rapid.T, make New, stage string, kind schema.Kind, change func(*masks.Rule)) (c trial) {
	for range 1000 {
		c.net, c.seed = DrawNetwork(t), rapid.Uint64().Draw(t, "seed")
		var ok bool
		if c.rule, ok = drawRuleWith(t, c.net, stage, kind); !ok {
			continue
		}
		if change != nil {
			change(&c.rule)
		}
		var err error
		if c.stepper, err = make(c.rule, c.net, c.seed); err == nil {
			return c
		}
		if !Refused(err) {
			t.Fatal(err)
		}
	}
	t.Fatal(panicRefused)
	return c
}

// steps are those of a comparison: enough for a memory to be made, and to matter
// afterwards.
const steps = 4

// equalsReference takes some steps side by side. In between, what is compared with the
// reference may be replaced by another that goes on where it was, or where the reference is.
func equalsReference(t *rapid.T, make New, stage string, kind schema.Kind) {
	c := drawTrial(t, make, stage, kind, nil)
	fast := c.stepper
	slow, err := reference.NewUpdater(c.rule, c.net, c.seed)
	if err != nil {
		t.Fatal(err)
	}
	a, b := NewNetwork(c.net.Layers, c.seed), NewNetwork(c.net.Layers, c.seed)
	batch, writtenOut := rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "batch"), rapid.Bool().Draw(t, "written out")
	onlooker := newEndurance(slow, b, &c)
	resumedAt := rapid.Uint64Range(0, steps).Draw(t, "resumed at")
	for step := range uint64(steps) {
		if step == resumedAt {
			from := fast
			if rapid.Bool().Draw(t, "resumed from the reference") {
				from = slow
			}
			fast = c.resumed(t, make, from, a)
		}
		if rapid.IntRange(0, 3).Draw(t, "rest") == 0 {
			fast.Rest(2)
			slow.Rest(2)
			onlooker.check(t, slow, b)
			compare(t, fast, slow, a, b)
		}
		var live [][]int32
		if ahead, ok := fast.(AheadDrawer); ok && rapid.Bool().Draw(t, "drawn ahead") {
			if live, err = ahead.DrawAhead(); err != nil {
				t.Fatal(err)
			}
		}
		take(t, fast, a, step, batch, writtenOut, live)
		take(t, slow, b, step, batch, true, nil)
		onlooker.check(t, slow, b)
		onlooker.begins = false
		compare(t, fast, slow, a, b)
	}
}

// take makes one step of a network.
func take(t rapid.TB, s Stepper, n *Network, step uint64, batch int, writtenOut bool, live [][]int32) {
	s.Transmit(n.Weights())
	p, err := n.Present(step, batch, writtenOut, live)
	if err != nil {
		t.Fatal(err)
	}
	s.Restore(n.Weights())
	s.Present(p)
	if err := s.Step(n.Parameters); err != nil {
		t.Fatal(err)
	}
}

// compare reports what a step has left that is not the reference's.
func compare(t rapid.TB, fast, slow Stepper, a, b *Network) {
	if !SameBits(a.Weights(), b.Weights()) {
		t.Fatalf("weights differ from the reference's:\n%v\n%v", a.Weights(), b.Weights())
	}
	for l, got := range fast.Changes() {
		want := slow.Changes()[l]
		if got.M0 != want.M0 || got.Stored != want.Stored || !near(got.M1, want.M1) {
			t.Fatalf("layer %d: counted %+v, a recount gives %+v", l+1, got, want)
		}
	}
	if _, ok := fast.(Accountant); ok {
		compareWork(t, fast, slow)
	}
	if a, ok := fast.(Accountant); ok && !slices.Equal(a.Traffic(), slow.(Accountant).Traffic()) {
		t.Fatalf("traffic %+v, a recount gives %+v", a.Traffic(), slow.(Accountant).Traffic())
	}
	if a, ok := fast.(Accountant); ok {
		compareAccumulations(t, a.Accumulations(), slow.(Accountant).Accumulations())
	}
	if p, ok := fast.(Payer); ok {
		compareReserves(t, p.Reserve(), slow.(Payer).Reserve())
	}
	if w, ok := fast.(WriteCounter); ok {
		compareWrites(t, w, slow.(WriteCounter))
	}
	if (fast.Memory() == nil) != (slow.Memory() == nil) || (fast.Transmission() == nil) != (slow.Transmission() == nil) {
		t.Fatal("a cache, or a transmission, on one side only")
	}
	if fast.Memory() != nil {
		compareMemory(t, fast.Memory(), slow.Memory())
	}
	if fast.Transmission() != nil && !SameBits(fast.Transmission().Deviations(), slow.Transmission().Deviations()) {
		t.Fatal("other deviations of what is transmitted than the reference's")
	}
}

// compareWork compares Σ -Δw·g. A fast way may take Δw before the clip over η for g, which
// is rounded by 2⁻²⁴ of itself, or, where it is subnormal, by 2⁻¹⁵⁰: the work then by |Δw|
// times as much, over η. A slow way that goes on with another's memory has no magnitudes.
func compareWork(t rapid.TB, fast, slow Stepper) {
	for l, got := range fast.Changes() {
		want, magnitudes := slow.Changes()[l], []float64(nil)
		if r, ok := slow.(*reference.Updater); ok {
			magnitudes = r.Magnitudes()
		}
		if magnitudes == nil {
			t.Fatal("compared with what is not the reference")
		}
		if most := 0x1p-23*magnitudes[l] + 0x1p-120*want.M1; math.Abs(got.Work-want.Work) > most {
			t.Fatalf("layer %d: work %v, a recount gives %v ± %v", l+1, got.Work, want.Work, most)
		}
	}
}

// compareAccumulations compares what two have changed beside the weights.
func compareAccumulations(t rapid.TB, fast, slow []masks.Accumulation) {
	for l, got := range fast {
		want := slow[l]
		if !near(got.Amount, want.Amount) {
			t.Fatalf("layer %d: accumulated %+v, a recount gives %+v", l+1, got, want)
		}
		if got.Amount = want.Amount; got != want && got.Amount == got.Amount {
			t.Fatalf("layer %d: accumulated %+v, a recount gives %+v", l+1, got, want)
		}
	}
}

// compareMemory compares what two caches did last.
func compareMemory(t rapid.TB, fast, slow masks.Memory) {
	if a, ok := fast.(masks.Accumulator); ok && !SameBits(a.Accumulators(), slow.(masks.Accumulator).Accumulators()) {
		t.Fatal("other accumulators than the reference's")
	}
	if !SameBits(fast.Permanent(), slow.Permanent()) {
		t.Fatal("other permanent weights than the reference's")
	}
	for l, got := range fast.Consolidations() {
		want := slow.Consolidations()[l]
		if got.M0 != want.M0 || !near(got.M1, want.M1) || !near(got.Transient, want.Transient) {
			t.Fatalf("layer %d: consolidated %+v, a recount gives %+v", l+1, got, want)
		}
	}
}

// near says whether sums of the same terms, in whatever order, are equal.
func near(got, want float64) bool {
	return got == want || got-want <= 1e-12*want && want-got <= 1e-12*want || got != got && want != want
}
