package configs

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/datasets"
	"ergon/energy"
	"ergon/graph"
	"ergon/graph/activation"
	"ergon/internal/schema"
	"ergon/masks"
)

// lists are what messages enumerate and what grows as kinds are added.
var lists = strings.NewReplacer(
	"{masks}", kinds(masks.Masks.Kinds()), "{clips}", kinds(masks.Clips.Kinds()), "{gates}", kinds(masks.Gates.Kinds()),
	"{data sets}", kinds(datasets.Kinds.Kinds()), "{models}", kinds(graph.Kinds.Kinds()), "{activations}", kinds(activation.Kinds.Kinds()),
	"{prices}", strings.Join(energy.Tables(), ", "), "{presets}", strings.Join(presets.names(), ", "),
	"{keys}", "name, seed, data, model, rule, train, checkpoint, energy, free_energy, likelihood, engine, out",
	"{keys of train}", "batch, sampling, epochs, max_steps, max_presentations, eval_every, eval_presentations, chains, gibbs, log_every, goals, stop_at, crossing, sustain",
)

func kinds(all []schema.Kind) string {
	names := make([]string, len(all))
	for i, k := range all {
		names[i] = k.Name
	}
	return strings.Join(names, ", ")
}

// A wrong config is refused with the file and line, the whole key, what is
// allowed, and what was probably meant.
func TestWrongConfigs(t *testing.T) {
	laughs := "a: &a [x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		laughs += string(c) + ": &" + string(c) + " [*" + string(c-1) + ", *" + string(c-1) + "]\n"
	}
	for name, c := range map[string]struct {
		text      string // of bad.yaml; "-" for the default preset
		overrides []string
		want      string // one line a problem; of more than given, the first
	}{
		// Unknown keys, at every depth.
		"key":                   {"nmae: x\n", nil, `bad.yaml:1: nmae: unknown key (keys: {keys}); did you mean "name"?`},
		"section":               {"name: x\ntrian: {batch: 1}\n", nil, `bad.yaml:2: trian: unknown key (keys: {keys}); did you mean "train"?`},
		"key of section":        {"train:\n  batch: 8\n  epoch: 3\n", nil, `bad.yaml:3: train.epoch: unknown key (keys of train: {keys of train}); did you mean "epochs"?`},
		"nothing near":          {"out:\n  colour: red\n", nil, `bad.yaml:2: out.colour: unknown key (keys of out: dir)`},
		"key of kind":           {"model:\n  init: {kind: normal, sd: 0.1}\n", nil, `bad.yaml:2: model.init.sd: unknown key (keys of normal: std); did you mean "std"?`},
		"key of element":        {"rule:\n  mask:\n    - full\n    - {kind: neurons, sides: post}\n", nil, `bad.yaml:4: rule.mask[1].sides: unknown key (keys of neurons: p, side, redraw, layers, biases); did you mean "side"?`},
		"key of a kind without": {"rule: {clip: {kind: none, bound: 1}}\n", nil, `bad.yaml:1: rule.clip.bound: unknown key (none has no keys)`},
		"key of another kind":   {"rule:\n  optimizer: {momentum: 0.9}\n", nil, `bad.yaml:2: rule.optimizer.momentum: unknown key (keys of sgd: lr, half, halve_every, rate, schedule); it is a key of momentum: name the kind`},
		"dotted key":            {"train.batch: 7\n", nil, `bad.yaml:1: train.batch: unknown key (keys: {keys}); did you mean "train"?`},

		// Wrong types.
		"word for number":     {"train: {batch: many}\n", nil, `bad.yaml:1: train.batch: want a whole number, got the string "many"`},
		"fraction of a batch": {"train:\n  batch: 1.5\n", nil, `bad.yaml:2: train.batch: want a whole number, got 1.5`},
		"number for name":     {"name: 3\n", nil, `bad.yaml:1: name: want a string, got 3; quote it: "3"`},
		"date for name":       {"name: 2001-01-01\n", nil, `bad.yaml:1: name: want a string, got the date 2001-01-01; quote it: "2001-01-01"`},
		"word for switch":     {"rule: {mask: {kind: bernoulli, biases: maybe}}\n", nil, `bad.yaml:1: rule.mask.biases: want true or false, got the string "maybe"`},
		"negative seed":       {"seed: -1\n", nil, `bad.yaml:1: seed: want a whole number from 0 to 2^64-1, got -1`},
		"seed of 65 bits":     {"seed: 18446744073709551616\n", nil, `bad.yaml:1: seed: want a whole number from 0 to 2^64-1, got 18446744073709551616`},
		"NaN":                 {"rule:\n  optimizer:\n    lr: .nan\n", nil, `bad.yaml:3: rule.optimizer.lr: want a number, got .nan`},
		"list for mapping":    {"train: [1, 2]\n", nil, `bad.yaml:1: train: want a mapping, got a list`},
		"list for kind":       {"\nmodel:\n  - mlp\n", nil, `bad.yaml:2: model: want a kind of model or a mapping, got a list`},
		"mapping for number":  {"seed: {a: 1}\n", nil, `bad.yaml:1: seed: want a whole number from 0 to 2^64-1, got a mapping`},

		// Out of range, not one of, unknown kind.
		"out of range":          {"train: {batch: 0}\n", nil, `bad.yaml:1: train.batch: 0 is outside [1,1000000]`},
		"element out of range":  {"train:\n  goals: [0.5,\n    1.5]\n", nil, `bad.yaml:3: train.goals[1]: 1.5 is outside (0,1]`},
		"infinite rate":         {"rule: {optimizer: {lr: .inf}}\n", nil, `bad.yaml:1: rule.optimizer.lr: .inf is outside [0,inf)`},
		"not one of":            {"train: {sampling: shufle}\n", nil, `bad.yaml:1: train.sampling: "shufle" is not one of shuffle, replacement, sequential; did you mean "shuffle"?`},
		"not one of, none near": {"model: {bias: maybe}\n", nil, `bad.yaml:1: model.bias: "maybe" is not one of true, false, unit`},
		"unknown kind":          {"rule: {mask: subnets}\n", nil, `bad.yaml:1: rule.mask: unknown mask "subnets" (kinds of mask: {masks}); did you mean "subnet"?`},
		"unknown kind in list":  {"rule:\n  mask:\n  - full\n  - {kind: xyz}\n", nil, `bad.yaml:4: rule.mask[1].kind: unknown mask "xyz" (kinds of mask: {masks})`},
		"unknown data":          {"data: {name: minst}\n", nil, `bad.yaml:1: data.name: unknown data set "minst" (kinds of data set: {data sets}); did you mean "mnist"?`},
		"unknown activation":    {"model: {activation: rellu}\n", nil, `bad.yaml:1: model.activation: unknown activation "rellu" (kinds of activation: {activations}); did you mean "relu"?`},
		"unknown price table":   {"energy:\n  prices:\n    - horowitz45nm\n    - horowitz7nm\n", nil, `bad.yaml:4: energy.prices[1]: unknown price table "horowitz7nm" (price tables: {prices}); did you mean "horowitz45nm"?`},

		// No value, no sense.
		"missing value":        {"train:\n  batch:\n  epochs: 2\n", nil, `bad.yaml:2: train.batch: has no value`},
		"null":                 {"train:\n  epochs: 2\n  batch: null\n", nil, `bad.yaml:3: train.batch: has no value; quote it where it is text: "null"`},
		"null kind":            {"model: {kind: ~}\n", nil, `bad.yaml:1: model.kind: has no value; quote it where it is text: "~"`},
		"no end":               {"name: x\ntrain:\n  epochs: 0\n  max_steps: 0\n", nil, `bad.yaml:3: train.epochs: 0, max_steps 0 and max_presentations 0 leave the run without an end`},
		"bad name":             {"name: a/b\n", nil, `bad.yaml:1: name: "a/b" cannot be part of a directory's name`},
		"no name":              {"name: \"\"\n", nil, `bad.yaml:1: name: "" cannot be part of a directory's name`},
		"name of the parent":   {"name: ..\n", nil, `bad.yaml:1: name: ".." cannot be part of a directory's name`},
		"unit bias, no hidden": {"model: {hidden: [], bias: unit}\n", nil, `bad.yaml:1: model.bias: unit needs a hidden layer`},

		// Not a document of settings.
		"duplicate key":       {"seed: 1\nname: a\nSeed: 2\n", nil, `bad.yaml:3: seed: given twice, first on line 1`},
		"duplicate deep down": {"train:\n  batch: 1\n  epochs: 2\n  batch: 3\n", nil, `bad.yaml:4: train.batch: given twice, first on line 2`},
		"tab":                 {"train:\n\tbatch: 3\n", nil, `bad.yaml:2: not YAML: found character that cannot start any token; line 2 is indented with a tab: use blanks`},
		"open quote":          {"name: \"x\n", nil, `bad.yaml:2: not YAML: found unexpected end of stream`},
		"list":                {"[1, 2]\n", nil, `bad.yaml:1: a document of settings is a mapping, not a list`},
		"text":                {"\nhello\n", nil, `bad.yaml:2: a document of settings is a mapping, not a single value`},
		"alias bomb":          {laughs, nil, `bad.yaml:1: a: has an anchor, which settings cannot refer to`},
		"merge key":           {"train:\n  <<: {batch: 1}\n", nil, `bad.yaml:2: train: has a merge key, write the keys themselves`},
		"two documents":       {"name: a\n---\nname: b\n", nil, `bad.yaml:2: a second document begins, and settings are one`},
		"too long":            {strings.Repeat("#", 1<<20+1), nil, `bad.yaml: has 1048577 bytes, more than the 1048576 allowed`},

		// Overrides.
		"no equals sign":         {"-", []string{"seed"}, `command line: override "seed" has no "="; overrides look like rule.mask[0].p=0.1`},
		"no key":                 {"-", []string{"=3"}, `command line: override "=3" has an empty key; overrides look like rule.mask[0].p=0.1`},
		"bad index":              {"-", []string{"rule.mask[x]=full"}, `command line: override "rule.mask[x]=full" has a bad index "x"; overrides look like rule.mask[0].p=0.1`},
		"assigned nothing":       {"-", []string{"seed="}, `command line: seed: is assigned nothing, write "" for an empty string`},
		"assigned null":          {"-", []string{"name=~"}, `command line: name: has no value; write "" for an empty string, or quote the text: '"~"'`},
		"override's unknown key": {"-", []string{"train.epoch=3"}, `command line: train.epoch: unknown key (keys of train: {keys of train}); did you mean "epochs"?`},
		"override out of range":  {"-", []string{"rule.mask[0].p=2"}, `command line: rule.mask[0].p: 2 is outside [0,1]`},
		"override's wrong type":  {"-", []string{"train.batch=many"}, `command line: train.batch: want a whole number, got the string "many"`},
		"override's kind":        {"-", []string{"rule.clip=valeu"}, `command line: rule.clip: unknown clip "valeu" (kinds of clip: {clips}); did you mean "value"?`},
		"index out of range":     {"-", []string{"rule.mask[3].p=0.1"}, `command line: rule.mask[3]: the list has 1 element, so the next index is 1`},
		"index after an append":  {"-", []string{"model.hidden[1]=2", "model.hidden[3]=3"}, `command line: model.hidden[3]: the list has 2 elements, so the next index is 2`},
		"value is not YAML":      {"-", []string{"rule.mask=[full"}, `command line: rule.mask: the value "[full" is not YAML: did not find expected ',' or ']'`},
		"two intervals":          {"-", []string{"train.eval_every=5", "train.eval_presentations=500"}, `command line: train.eval_presentations: 500, and eval_every is 5: one of them is the interval, set the other to 0`},
		"sustain without":        {"-", []string{"train.sustain=5"}, `command line: train.sustain: 5 evaluations, and crossing first looks at one; set crossing to sustained, or sustain to 0`},
		"another crossing":       {"-", []string{"train.crossing=last"}, `command line: train.crossing: "last" is not one of first, sustained`},
		"override takes the end": {"-", []string{"train.epochs=0"}, `command line: train.epochs: 0, max_steps 0 and max_presentations 0 leave the run without an end`},
		"list without brackets":  {"-", []string{"energy.prices=unit,horowitz45nm"}, `command line: energy.prices[0]: unknown price table "unit,horowitz45nm" (price tables: {prices}); a list has brackets: [unit,horowitz45nm]`},
		"override's price table": {"-", []string{"energy.prices=[loihi]"}, `command line: energy.prices[0]: unknown price table "loihi" (price tables: {prices})`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			source := DefaultPreset
			if c.text != "-" {
				source = "bad.yaml"
				if err := os.WriteFile(source, []byte(c.text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			config, err := Load(source, c.overrides)
			if err == nil || config != nil {
				t.Fatalf("loaded %+v, error %v", config, err)
			}
			got, _, more := strings.Cut(err.Error(), "\n")
			if diff := cmp.Diff(lists.Replace(c.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if more != (name == "alias bomb") {
				t.Errorf("want one problem, got\n%v", err)
			}
			one, isOne := errors.AsType[*schema.Error](err)
			if !isOne || one.Error() != got {
				t.Errorf("%T does not give access to the problem", err)
			}
		})
	}
}

// All that is wrong is said at once, in the order of the lines.
func TestWrongConfigsListAll(t *testing.T) {
	const text = "name: a/b\ntrain:\n  batch: 0\n  epoch: 1\nrule:\n  mask: nothing\n"
	_, err := parse([]byte(text), "bad.yaml", []string{"seed=-1"})
	want := lists.Replace(`bad.yaml:3: train.batch: 0 is outside [1,1000000]
bad.yaml:4: train.epoch: unknown key (keys of train: {keys of train}); did you mean "epochs"?
bad.yaml:6: rule.mask: unknown mask "nothing" (kinds of mask: {masks})
command line: seed: want a whole number from 0 to 2^64-1, got -1`)
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownPreset(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Load("minst", nil)
	if want := lists.Replace("minst: neither a preset nor a file; presets are {presets}; did you mean \"mnist\"?"); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := Load(".", nil); err == nil {
		t.Error("a directory was loaded")
	}
}

// Keys and values that the reader of the document may lose on the way.
func TestNothingIsLost(t *testing.T) {
	for text, want := range map[string]string{
		"trian: {}\n":               `bad.yaml:1: trian: has no value, an empty mapping says nothing`,
		"train:\n  bathc: {}\n":     `bad.yaml:2: train.bathc: has no value, an empty mapping says nothing`,
		"name: {}\n":                `bad.yaml:1: name: has no value, an empty mapping says nothing`,
		"\"train\\0batch\": 3\n":    `bad.yaml:1: has a key "train\x00batch", with a control character`,
		"rule: {clip: {bound: {}}}": `bad.yaml:1: rule.clip.bound: has no value, an empty mapping says nothing`,
	} {
		_, err := parse([]byte(text), "bad.yaml", nil)
		if err == nil || err.Error() != lists.Replace(want) {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, lists.Replace(want))
		}
	}
}

// A value below something that takes none was given on the command line, not
// in the file.
func TestOverrideBelowScalarIsBlamed(t *testing.T) {
	_, err := parse([]byte("train: {batch: 8}\n"), "good.yaml", []string{"model.bias.x=3"})
	if err == nil || !strings.HasPrefix(err.Error(), "command line: model.bias") {
		t.Errorf("got %v", err)
	}
}
