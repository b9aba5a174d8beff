package schema

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestEncodeComments(t *testing.T) {
	r := defaults()
	r.Rule.Mask = append(r.Rule.Mask, full{}, &both{[]mask{subnet{3}}})
	r.Rule.Extra = &normal{Std: 1e-7}
	const want = `name: mnist # name of the run
seed: 0 # seed of all streams
model: # the network
  hidden: [100] # units per hidden layer; in [1,inf)
  bias: true # bias of each unit; true | false | unit
  init: # initial weights
    kind: he # he | normal
rule: # the learning rule
  mask: # which synapses may change
    - kind: bernoulli # each synapse with probability p; bernoulli | both | full | subnet
      p: 0.25 # probability of an update; in (0,1]
      redraw: never # when the mask is drawn anew; step | never
      biases: false # biases are masked too
      layers: [] # layers masked, from 0; empty for all; in [0,inf)
    - kind: full # all synapses; bernoulli | both | full | subnet
    - kind: both # bernoulli | both | full | subnet
      of: # masks that all must allow
        - kind: subnet # k units; bernoulli | both | full | subnet
          k: 3 # units kept; in [1,inf)
  clip: .inf # largest change; in (0,inf]
  extra: # optional
    kind: normal # he | normal
    std: 1.0e-07 # standard deviation; in [0,inf)
goals: [0.9] # test accuracies; in [0,1]
prices: [horowitz] # price tables; horowitz | loihi
tags: []
epochs: 5 # passes over the data; in [0,inf)
offset: 0
scale: 1
quiet: false # print nothing
`
	got, err := Encode(r, true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEncodePlain(t *testing.T) {
	type lists struct {
		Long  []int    `key:"long" doc:"no comment is asked for"`
		Texts []string `key:"texts"`
		Minus float64  `key:"minus"`
		Low   float64  `key:"low"`
		Big   float64  `key:"big"`
		Text  string   `key:"text"`
	}
	v := lists{
		Long: make([]int, 17), Texts: []string{"a", "1", "true", "", "a: b", "inf", "~", "two\nlines"},
		Minus: math.Copysign(0, -1), Low: math.Inf(-1), Big: 1e21, Text: "two\nlines",
	}
	want := "long:\n"
	for range v.Long {
		want += "  - 0\n"
	}
	want += `texts: [a, "1", "true", "", 'a: b', inf, "~", "two\nlines"]
minus: -0.0
low: -.inf
big: 1.0e+21
text: "two\nlines"
`
	got, err := Encode(v, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEncodeRefuses(t *testing.T) {
	r := defaults()
	r.Scale = math.NaN()
	r.Goals = []float64{1, math.NaN()}
	r.Rule.Mask = []mask{full{}, nil, (*bernoulli)(nil)}
	r.Model.Init = struct{ initializer }{}
	_, err := Encode(r, true)
	want := `model.init: holds no registered kind of initializer
rule.mask[1]: holds no registered kind of mask
rule.mask[2]: holds no registered kind of mask
goals[1]: NaN is no setting
scale: NaN is no setting`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
}

// Settings drawn at random that satisfy every tag and Validate.
func drawMask(t *rapid.T, depth int) mask {
	kinds := 3
	if depth < 2 {
		kinds = 4
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return &bernoulli{
			P:      1 - rapid.Float64Range(0, 0.999).Draw(t, "1-p"),
			Redraw: rapid.SampledFrom([]string{"step", "never"}).Draw(t, "redraw"),
			Biases: rapid.Bool().Draw(t, "biases"),
			Layers: rapid.SliceOf(rapid.IntMin(0)).Draw(t, "layers"),
		}
	case 1:
		return full{}
	case 2:
		return subnet{rapid.IntMin(14).Draw(t, "k")}
	}
	b := &both{}
	for range rapid.SampledFrom([]int{0, 2, 3}).Draw(t, "masks") {
		b.Of = append(b.Of, drawMask(t, depth+1))
	}
	return b
}

func drawRun(t *rapid.T) *run {
	number := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.MaxFloat64, 5e-324, 1e15, 1e21}))
	r := &run{
		Common: Common{Name: rapid.String().Draw(t, "name"), Seed: rapid.Uint64().Draw(t, "seed")},
		Model: model{
			Hidden: rapid.SliceOf(rapid.IntMin(1)).Draw(t, "hidden"),
			Bias:   rapid.SampledFrom([]string{"true", "false", "unit"}).Draw(t, "bias"),
			Init:   rapid.SampledFrom([]initializer{nil, he{}, &normal{}, &normal{Std: math.MaxFloat64}}).Draw(t, "init"),
		},
		Rule:   rule{Clip: math.Abs(number.Filter(func(x float64) bool { return x != 0 && math.Abs(x) != 0.25 }).Draw(t, "clip"))},
		Goals:  rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "goals"),
		Prices: rapid.SliceOf(rapid.SampledFrom([]string{"horowitz", "loihi"})).Draw(t, "prices"),
		Tags:   rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.StringMatching(`[-~0-9.eE:# ,\[\]{}'"!&*|>%@]{0,6}`))).Draw(t, "tags"),
		Epochs: rapid.IntMin(8).Draw(t, "epochs"),
		Offset: rapid.Int64().Draw(t, "offset"),
		Scale:  number.Draw(t, "scale"),
		Quiet:  rapid.Bool().Draw(t, "quiet"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "masks") {
		r.Rule.Mask = append(r.Rule.Mask, drawMask(t, 0))
	}
	return r
}

// equal says whether two settings are the same; an empty list may be nil.
func equal(a, b *run) string {
	sameFloat := cmp.Comparer(func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
	return cmp.Diff(a, b, exact, cmpopts.EquateEmpty(), sameFloat)
}

func TestEncodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, got := drawRun(t), &run{}
		text, err := Encode(want, rapid.Bool().Draw(t, "comments"))
		if err != nil {
			t.Fatal(err)
		}
		if err := decodeText(text, got); err != nil {
			t.Fatalf("%v, of\n%s", err, text)
		}
		if diff := equal(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s\nof\n%s", diff, text)
		}
	})
}
