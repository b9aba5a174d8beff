package schema

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSet(t *testing.T) {
	for _, c := range []struct {
		name, before string
		assignments  []string
		want         string
	}{
		{"scalars", "{}", []string{"name=x", "seed=3", "scale=1e-3", "quiet=true"}, "{name: x, seed: 3, scale: 0.001, quiet: true}"},
		{"infinities", "{}", []string{"rule.clip=.inf", "scale=inf"}, "{rule: {clip: .inf}, scale: inf}"},
		{"quoted and empty strings", "{}", []string{`name=""`, `tags=["1", 'a=b']`}, `{name: "", tags: ["1", a=b]}`},
		{"strings that look like others", "{}", []string{"name=1.10", "model.bias=true", "tags=[1]"}, `{name: "1.10", model: {bias: "true"}, tags: [1]}`},
		{"second equals sign", "{}", []string{"name=a=b"}, "{name: a=b}"},
		{"blanks and case", "{}", []string{" Name =x", "rule.Mask={Kind: subnet, K: 3}"}, "{name: x, rule: {mask: {kind: subnet, k: 3}}}"},
		{"replaces", "{name: a, seed: 1}", []string{"name=b"}, "{name: b, seed: 1}"},
		{"unknown keys are left to Decode", "{}", []string{"modle.x[0].y=1", "name2=[a, {b: 1}]"}, "{modle: {x: [{y: 1}]}, name2: [a, {b: 1}]}"},
		{"what the type has no room for is left to Decode", "{}", []string{"scale.x=1", "seed[0].y=1", "quiet[0]=true"}, "{scale: {x: 1}, seed: [{y: 1}], quiet: [true]}"},
		{"lists", "{}", []string{"model.hidden=[200,100]", "model.hidden[0]=300", "model.hidden[2]=50"}, "{model: {hidden: [300, 100, 50]}}"},
		{"list of a default", "{}", []string{"model.hidden[1]=50"}, "{model: {hidden: [100, 50]}}"},
		{"scalar as a list of one", "{model: {hidden: 7}}", []string{"model.hidden[1]=50"}, "{model: {hidden: [7, 50]}}"},
		{"list without default", "{}", []string{"tags[0]=a", "tags[1]=b"}, "{tags: [a, b]}"},
		{"default's kind", "{}", []string{"rule.mask[0].p=0.1"}, "{rule: {mask: [{p: 0.1}]}}"},
		{"default's kind, appended", "{}", []string{"rule.mask[1]=full"}, "{rule: {mask: [{}, full]}}"},
		{"null in the tree", "{rule: ~}", []string{"rule.mask[0].p=0.1"}, "{rule: {mask: [{p: 0.1}]}}"},
		{"into a bare word of a list", "{}", []string{"rule.mask=subnet", "rule.mask[0].k=60"}, "{rule: {mask: [{kind: subnet, k: 60}]}}"},
		{"into a bare word without index", "{}", []string{"rule.mask=subnet", "rule.mask.k=60"}, "{rule: {mask: {kind: subnet, k: 60}}}"},
		{"into a bare word in a list", "{rule: {mask: [full, subnet]}}", []string{"rule.mask[1].k=60"}, "{rule: {mask: [full, {kind: subnet, k: 60}]}}"},
		{"into a single mapping", "{rule: {mask: {kind: subnet}}}", []string{"rule.mask[0].k=60"}, "{rule: {mask: [{kind: subnet, k: 60}]}}"},
		{"into a bare word", "{}", []string{"model.init=normal", "model.init.std=0.1"}, "{model: {init: {kind: normal, std: 0.1}}}"},
		{"into a kind of a kind", "{}", []string{"rule.mask={kind: both, of: subnet}", "rule.mask[0].of[0].k=2"}, "{rule: {mask: [{kind: both, of: [{kind: subnet, k: 2}]}]}}"},
		{"other kind drops parameters", "{rule: {mask: [{kind: subnet, k: 3}]}}", []string{"rule.mask[0].kind=full"}, "{rule: {mask: [{kind: full}]}}"},
		{"other kind than a bare word", "{model: {init: he}}", []string{"model.init.kind=normal", "model.init.std=2"}, "{model: {init: {kind: normal, std: 2}}}"},
		{"same kind keeps them", "{rule: {mask: [{kind: subnet, k: 3}]}}", []string{"rule.mask[0].kind=subnet"}, "{rule: {mask: [{kind: subnet, k: 3}]}}"},
		{"first kind keeps them", "{}", []string{"rule.mask[0].k=3", "rule.mask[0].kind=subnet"}, "{rule: {mask: [{kind: subnet, k: 3}]}}"},
		{"kind outside a union is a key", "{other: {kind: a, x: 1}}", []string{"other.kind=b"}, "{other: {kind: b, x: 1}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := tree(t, c.before).(map[string]any)
			for _, a := range c.assignments {
				if err := Set(got, defaults(), a); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(values(tree(t, c.want)), values(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// values returns a tree without the text of its numbers.
func values(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = values(v[key])
		}
	case []any:
		for i := range v {
			v[i] = values(v[i])
		}
	}
	return valueOf(v)
}

func TestSetRefuses(t *testing.T) {
	const hint = "; overrides look like rule.mask[0].p=0.1"
	for assignment, want := range map[string]string{
		"name":               `command line: override "name" has no "="` + hint,
		"=1":                 `command line: override "=1" has an empty key` + hint,
		"a..b=1":             `command line: override "a..b=1" has an empty key` + hint,
		"a.=1":               `command line: override "a.=1" has an empty key` + hint,
		"[0]=1":              `command line: override "[0]=1" has an empty key` + hint,
		"a[x]=1":             `command line: override "a[x]=1" has a bad index "x"` + hint,
		"a[]=1":              `command line: override "a[]=1" has a bad index ""` + hint,
		"a[-1]=1":            `command line: override "a[-1]=1" has a bad index "-1"` + hint,
		"a[99999999999]=1":   `command line: override "a[99999999999]=1" has a bad index "99999999999"` + hint,
		"a[0=1":              `command line: override "a[0=1" has an unmatched bracket` + hint,
		"a]=1":               `command line: override "a]=1" has an unmatched bracket` + hint,
		"a[0]b=1":            `command line: override "a[0]b=1" goes on with "b" after an index` + hint,
		"name=":              `command line: name: is assigned nothing, write "" for an empty string`,
		"name= ":             `command line: name: is assigned nothing, write "" for an empty string`,
		"name=~":             `command line: name: has no value; write "" for an empty string, or quote the text: '"~"'`,
		"name= x":            `command line: name: the value " x" begins or ends with a blank, leave it out or quote it`,
		"name=x\u00a0":       `command line: name: the value "x\u00a0" begins or ends with a blank, leave it out or quote it`,
		"name=x\ny":          `command line: name: the value "x\ny" holds what is no text of one line`,
		"name=\xff":          `command line: name: the value "\xff" holds what is no text of one line`,
		"name=\"x\" # y":     `command line: name: the value "\"x\" # y" has a comment, quote it`,
		"seed=3 # three":     `command line: seed: the value "3 # three" has a comment, quote it`,
		"rule.mask={p: }":    `command line: rule.mask.p: has no value`,
		"rule.mask={}":       `command line: rule.mask: has no value, an empty mapping says nothing`,
		"model={}":           `command line: model: has no value, an empty mapping says nothing`,
		"name={ }":           `command line: name: has no value, an empty mapping says nothing`,
		"rule={mask: {}}":    `command line: rule.mask: has no value, an empty mapping says nothing`,
		"tags=[a":            `command line: tags: the value "[a" is not YAML: did not find expected ',' or ']'`,
		"seed=*a":            `command line: seed: the value "*a" is not YAML: unknown anchor 'a' referenced`,
		"seed=&a b":          `command line: seed: has an anchor, which settings cannot refer to`,
		"seed=a: b":          `command line: seed: the value "a: b" needs quotes, or braces or brackets around it`,
		"seed=- b":           `command line: seed: the value "- b" needs quotes, or braces or brackets around it`,
		"rule={a: 1, A: 2}":  `command line: rule.a: given twice, first on line 1`,
		"model={x: !!int a}": `command line: model.x: has the tag !!int, and settings have none`,
		"seed.x=1":           `command line: seed: is 3, and "x" is the key of a mapping`,
		"seed[0]=1":          `command line: seed: is 3, not a list`,
		"model[0]=1":         `command line: model: is a mapping, not a list`,
		"rule.mask[3].p=1":   `command line: rule.mask[3]: the list has 2 elements, so the next index is 2`,
		"rule.mask.p=1":      `command line: rule.mask: is a list, and "p" is the key of a mapping; an element is rule.mask[0].p`,
		"rule.mask.1.p=1":    `command line: rule.mask: is a list, and "1" is the key of a mapping; an element is rule.mask[1].p`,
		"rule.mask.0=full":   `command line: rule.mask: is a list, and "0" is the key of a mapping; an element is rule.mask[0]`,
		"rule.mask={p: 1}":   `command line: rule.mask: is a list, and "p" is the key of a mapping; name its kind for another list, or set rule.mask[0].p in the list`,
		"goals[2]=1":         `command line: goals[2]: the list has 1 element, so the next index is 1`,
		"model.hidden.x=1":   `command line: model.hidden: is 7, and "x" is the key of a mapping`,
	} {
		const before = "{seed: 3, model: {hidden: 7}, rule: {mask: [full, subnet]}}"
		got := tree(t, before).(map[string]any)
		err := Set(got, defaults(), assignment)
		if err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", assignment, err, want)
		}
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: %T is no *Error", assignment, err)
		}
		if diff := cmp.Diff(tree(t, before), any(got)); diff != "" {
			t.Errorf("%s: refused, but the tree changed:\n%s", assignment, diff)
		}
	}
}

// Setting one element keeps the others, with the kinds and values of the default.
func TestSetOneOfManyDefaults(t *testing.T) {
	def := defaults()
	def.Rule.Mask = []mask{&bernoulli{P: 0.25, Redraw: "never"}, subnet{5}}
	settings := map[string]any{}
	if err := Set(settings, def, "rule.mask[1].k=6"); err != nil {
		t.Fatal(err)
	}
	if err := Decode(settings, def, nil); err != nil {
		t.Fatal(err)
	}
	want := []mask{&bernoulli{P: 0.25, Redraw: "never"}, subnet{6}}
	if diff := cmp.Diff(want, def.Rule.Mask, exact); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
