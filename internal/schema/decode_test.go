package schema

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var exact = cmp.AllowUnexported(bernoulli{})

// tree reads YAML as a tree.
func tree(t testing.TB, text string) any {
	t.Helper()
	root, err := parse([]byte(text))
	if err != nil {
		t.Fatalf("test's YAML: %v", err)
	}
	if root == nil {
		return nil
	}
	return treeOf(root)
}

func TestDecode(t *testing.T) {
	for text, change := range map[string]func(*run){
		"":                               func(*run) {},
		"{}":                             func(*run) {},
		"name: x":                        func(r *run) { r.Name = "x" },
		"NAME: X":                        func(r *run) { r.Name = "X" },
		"seed: 18446744073709551615":     func(r *run) { r.Seed = math.MaxUint64 },
		"offset: -9223372036854775808":   func(r *run) { r.Offset = math.MinInt64 },
		"epochs: 1e6":                    func(r *run) { r.Epochs = 1_000_000 },
		"epochs: 0x10":                   func(r *run) { r.Epochs = 16 },
		"scale: 3":                       func(r *run) { r.Scale = 3 },
		"scale: -.inf":                   func(r *run) { r.Scale = math.Inf(-1) },
		"scale: -∞":                      func(r *run) { r.Scale = math.Inf(-1) },
		"rule: {clip: 1e-3}":             func(r *run) { r.Rule.Clip = 1e-3 },
		"rule: {clip: .inf}":             func(*run) {},
		"rule: {clip: inf}":              func(*run) {},
		"rule: {clip: +inf}":             func(*run) {},
		"rule: {clip: ∞}":                func(*run) {},
		"quiet: true":                    func(r *run) { r.Quiet = true },
		"goals: 0.5":                     func(r *run) { r.Goals = []float64{0.5} },
		"goals: [0, 0.5, 1]":             func(r *run) { r.Goals = []float64{0, 0.5, 1} },
		"goals: []":                      func(r *run) { r.Goals = nil },
		"prices: loihi":                  func(r *run) { r.Prices = []string{"loihi"} },
		"tags: [a, '1']":                 func(r *run) { r.Tags = []string{"a", "1"} },
		"model: {hidden: 7}":             func(r *run) { r.Model.Hidden = []int{7} },
		"model: {hidden: [200, 100]}":    func(r *run) { r.Model.Hidden = []int{200, 100} },
		"model: {bias: false}":           func(r *run) { r.Model.Bias = "false" },
		"model: {bias: 'true'}":          func(r *run) { r.Model.Bias = "true" },
		"model: {bias: unit}":            func(r *run) { r.Model.Bias = "unit" },
		"model: {init: normal}":          func(r *run) { r.Model.Init = &normal{Std: 1} },
		"model: {init: {kind: normal}}":  func(r *run) { r.Model.Init = &normal{Std: 1} },
		"model: {init: {}}":              func(*run) {},
		"rule: {extra: he}":              func(r *run) { r.Rule.Extra = he{} },
		"rule: {mask: full}":             func(r *run) { r.Rule.Mask = []mask{full{}} },
		"rule: {mask: [full, full]}":     func(r *run) { r.Rule.Mask = []mask{full{}, full{}} },
		"rule: {mask: []}":               func(r *run) { r.Rule.Mask = nil },
		"rule: {mask: {kind: subnet}}":   func(r *run) { r.Rule.Mask = []mask{subnet{10}} },
		"rule: {mask: [{KIND: subnet}]}": func(r *run) { r.Rule.Mask = []mask{subnet{10}} },
		"rule: {mask: [{kind: subnet, k: 3}, full]}": func(r *run) {
			r.Rule.Mask = []mask{subnet{3}, full{}}
		},
		// Named: from the constructor. Not named: from the default's value.
		"rule: {mask: bernoulli}":                      func(r *run) { r.Rule.Mask = []mask{&bernoulli{P: 0.5, Redraw: "step"}} },
		"rule: {mask: {kind: bernoulli, p: 0.1}}":      func(r *run) { r.Rule.Mask = []mask{&bernoulli{P: 0.1, Redraw: "step"}} },
		"rule: {mask: [{p: 0.1}]}":                     func(r *run) { r.Rule.Mask = []mask{&bernoulli{P: 0.1, Redraw: "never"}} },
		"rule: {mask: {layers: 2}}":                    func(r *run) { r.Rule.Mask[0].(*bernoulli).Layers = []int{2} },
		"rule: {mask: {kind: both, of: [full, full]}}": func(r *run) { r.Rule.Mask = []mask{&both{[]mask{full{}, full{}}}} },
	} {
		got, want := defaults(), defaults()
		change(want)
		if err := Decode(tree(t, text), got, nil); err != nil {
			t.Errorf("%s: %v", text, err)
		} else if diff := cmp.Diff(want, got, exact); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestDecodeReports(t *testing.T) {
	const ofMask = "(kinds of mask: bernoulli, both, full, subnet)"
	for text, want := range map[string]string{
		// Unknown keys.
		"nme: x":                                     `nme: unknown key (keys: name, seed, model, rule, goals, prices, tags, epochs, offset, scale, quiet); did you mean "name"?`,
		"model: {width: 1}":                          `model.width: unknown key (keys of model: hidden, bias, init)`,
		"model: {hid: 1}":                            `model.hid: unknown key (keys of model: hidden, bias, init); did you mean "hidden"?`,
		"model: {ignored: 1}":                        `model.ignored: unknown key (keys of model: hidden, bias, init)`,
		"model: {1: 1}":                              `model.1: unknown key (keys of model: hidden, bias, init)`,
		"model: {? \"a\\nb\" : 1}":                   `model."a\nb": unknown key (keys of model: hidden, bias, init)`,
		"model: {init: {std: 1}}":                    `model.init.std: unknown key (he has no keys); it is a key of normal: name the kind`,
		"rule: {mask: {k: 1}}":                       `rule.mask.k: unknown key (keys of bernoulli: p, redraw, biases, layers); it is a key of subnet: name the kind`,
		"rule: {mask: {knd: full}}":                  `rule.mask.knd: unknown key (keys of bernoulli: p, redraw, biases, layers); did you mean "kind"?`,
		"rule: {mask: [{kind: bernoulli, prob: 1}]}": `rule.mask[0].prob: unknown key (keys of bernoulli: p, redraw, biases, layers); did you mean "p"?`,
		"rule: {mask: [full, {kind: full, p: 1}]}":   `rule.mask[1].p: unknown key (full has no keys)`,
		// Kinds.
		"rule: {mask: bernouli}":                `rule.mask: unknown mask "bernouli" ` + ofMask + `; did you mean "bernoulli"?`,
		"rule: {mask: [full, Subnet]}":          `rule.mask[1]: unknown mask "Subnet" ` + ofMask + `; did you mean "subnet"?`,
		"rule: {mask: {kind: dropout, p: 0.1}}": `rule.mask.kind: unknown mask "dropout" ` + ofMask,
		"rule: {mask: {kind: 3}}":               `rule.mask.kind: unknown mask "3" ` + ofMask,
		"rule: {mask: {kind: [full]}}":          `rule.mask.kind: want a kind of mask, got a list`,
		"rule: {mask: {kind: }}":                `rule.mask.kind: has no value`,
		"rule: {mask: [full, {k: 1}]}":          `rule.mask[1]: missing key "kind" ` + ofMask,
		"rule: {mask: [full, {kin: full}]}":     `rule.mask[1]: missing key "kind" ` + ofMask,
		"rule: {mask: 3}":                       `rule.mask: want a kind of mask or a mapping, got 3`,
		"rule: {mask: [[full]]}":                `rule.mask[0]: want a kind of mask or a mapping, got a list`,
		"rule: {extra: {}}":                     `rule.extra: missing key "kind" (kinds of initializer: he, normal)`,
		"model: {init: [he]}":                   `model.init: want a kind of initializer or a mapping, got a list`,
		// Types.
		"[1]":                         `want a mapping, got a list`,
		"hello":                       `want a mapping, got the string "hello"`,
		"name: 1.10":                  `name: want a string, got 1.10; quote it: "1.10"`,
		"name: {}":                    `name: want a string, got a mapping`,
		"name: 2020-01-01":            `name: want a string, got the date 2020-01-01; quote it: "2020-01-01"`,
		"name:":                       `name: has no value`,
		"model:":                      `model: has no value`,
		"model: [1]":                  `model: want a mapping, got a list`,
		"model: 5":                    `model: want a mapping, got 5`,
		"goals: [0.1, ~]":             `goals[1]: has no value`,
		"goals: {a: 1}":               `goals: want a number, got a mapping`,
		"goals: [[0.1]]":              `goals[0]: want a number, got a list`,
		"model: {hidden: [1, 2.5]}":   `model.hidden[1]: want a whole number, got 2.5`,
		"epochs: '5'":                 `epochs: want a whole number, got the string "5"`,
		"epochs: 1e300":               `epochs: want a whole number, got 1e300`,
		"epochs: .inf":                `epochs: want a whole number, got .inf`,
		"epochs: .nan":                `epochs: want a whole number, got .nan`,
		"offset: 9223372036854775808": `offset: want a whole number, got 9223372036854775808`,
		"seed: -1":                    `seed: want a whole number from 0 to 2^64-1, got -1`,
		"scale: .nan":                 `scale: want a number, got .nan`,
		"scale: nan":                  `scale: want a number, got the string "nan"`,
		"scale: true":                 `scale: want a number, got true`,
		"quiet: yes":                  `quiet: want true or false, got the string "yes"`,
		"quiet: 1":                    `quiet: want true or false, got 1`,
		"tags: [a, 1]":                `tags[1]: want a string, got 1; quote it: "1"`,
		// Ranges and choices.
		"rule: {clip: 0}":                         `rule.clip: 0 is outside (0,inf]`,
		"goals: [0.5, 1.5]":                       `goals[1]: 1.5 is outside [0,1]`,
		"goals: -1":                               `goals: -1 is outside [0,1]`,
		"model: {hidden: 0}":                      `model.hidden: 0 is outside [1,inf)`,
		"rule: {mask: {p: 0}}":                    `rule.mask.p: 0 is outside (0,1]`,
		"model: {init: {kind: normal, std: inf}}": `model.init.std: the string "inf" is outside [0,inf)`,
		"rule: {mask: {redraw: stepp}}":           `rule.mask.redraw: "stepp" is not one of step, never; did you mean "step"?`,
		"model: {bias: 3}":                        `model.bias: "3" is not one of true, false, unit`,
		"model: {bias: []}":                       `model.bias: want a string, got a list`,
		"prices: [loihi, x]":                      `prices[1]: "x" is not one of horowitz, loihi`,
		"name: " + strings.Repeat("[", 80) + strings.Repeat("]", 80): `name: want a string, got a list`,
		// Validation.
		"epochs: 7":                                      `seven is not allowed`,
		"rule: {clip: 0.25, mask: [full, full]}":         `rule.clip: must not be 0.25 with two masks`,
		"rule: {mask: {kind: both, of: full}}":           `rule.mask: needs two masks or none`,
		"rule: {mask: [{kind: both, of: full}]}":         `rule.mask[0]: needs two masks or none`,
		"{epochs: 7, rule: {mask: {kind: both, of: x}}}": `rule.mask.of: unknown mask "x" ` + ofMask,
		"rule: {mask: {kind: subnet, k: 13}}":            "rule.mask.k: 13 brings bad luck\nrule.mask: no luck",
		// Several at once, in the order of the fields, unknown keys last.
		"{zzz: 1, seed: x, goals: [2, 3], model: {hidden: a}}": `seed: want a whole number from 0 to 2^64-1, got the string "x"` + "\n" +
			`model.hidden: want a whole number, got the string "a"` + "\n" +
			`goals[0]: 2 is outside [0,1]` + "\n" + `goals[1]: 3 is outside [0,1]` + "\n" +
			`zzz: unknown key (keys: name, seed, model, rule, goals, prices, tags, epochs, offset, scale, quiet)`,
	} {
		err := Decode(tree(t, text), defaults(), nil)
		if err == nil {
			t.Errorf("%s: no error, want %s", text, want)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestDecodeLocates(t *testing.T) {
	const text = "seed: 1\nrule:\n  mask:\n    - p: 2\n      prob: 1\nepochs: -1\nscale: x\n"
	line, err := Lines([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	where := Overridden([]string{"Rule.mask[0].p=2", "sc=1"}, func(path string) (string, int) { return "run.yaml", line(path).Line })
	err = Decode(tree(t, text), defaults(), where)
	want := `command line: rule.mask[0].p: 2 is outside (0,1]
run.yaml:5: rule.mask[0].prob: unknown key (keys of bernoulli: p, redraw, biases, layers); did you mean "p"?
run.yaml:6: epochs: -1 is outside [0,inf)
run.yaml:7: scale: want a number, got the string "x"`
	if err == nil || err.Error() != want {
		t.Errorf("got:\n%v\nwant:\n%s", err, want)
	}
	if e, ok := errors.AsType[*Error](err); !ok || e.Path != "rule.mask[0].p" {
		t.Errorf("errors.As found %v", e)
	}
}
