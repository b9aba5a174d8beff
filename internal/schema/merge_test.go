package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A mapping changes what it names; one that names its kind is that kind anew.
func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, before, over, want string }{
		{"keys", "{name: a, model: {bias: unit, hidden: [3]}}", "{model: {hidden: [4, 5]}, seed: 1}", "{name: a, seed: 1, model: {bias: unit, hidden: [4, 5]}}"},
		{"a kind's parameter", "{model: {init: {kind: normal, std: 3}}}", "{model: {init: {std: 4}}}", "{model: {init: {kind: normal, std: 4}}}"},
		{"a word's parameter", "{model: {init: normal}}", "{model: {init: {std: 4}}}", "{model: {init: {kind: normal, std: 4}}}"},
		{"the same kind anew", "{rule: {mask: {kind: subnet, k: 3}}}", "{rule: {mask: {kind: subnet}}}", "{rule: {mask: {kind: subnet}}}"},
		{"another kind", "{model: {init: {kind: normal, std: 3}}}", "{model: {init: {kind: he}}}", "{model: {init: {kind: he}}}"},
		{"another kind by a word", "{model: {init: {kind: normal, std: 3}}}", "{model: {init: he}}", "{model: {init: he}}"},
		{"a list anew", "{rule: {mask: [full, {kind: subnet, k: 3}]}}", "{rule: {mask: [subnet]}}", "{rule: {mask: [subnet]}}"},
		{"a list by a kind", "{rule: {mask: [full, full]}}", "{rule: {mask: {kind: subnet, k: 3}}}", "{rule: {mask: {kind: subnet, k: 3}}}"},
		{"a single mapping of a list", "{rule: {mask: {kind: subnet, k: 3}}}", "{rule: {mask: {k: 4}}}", "{rule: {mask: {kind: subnet, k: 4}}}"},
		{"what the schema does not know", "{odd: {a: 1, b: 2}}", "{odd: {a: 3}}", "{odd: {a: 3, b: 2}}"},
		{"a mapping over a word", "{name: a}", "{name: {b: 1}}", "{name: {b: 1}}"},
	} {
		got, over := tree(t, c.before).(map[string]any), tree(t, c.over)
		if err := Merge(got, defaults(), over.(map[string]any)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(tree(t, c.want), any(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(tree(t, c.over), over); diff != "" {
			t.Errorf("%s changed what was merged:\n%s", c.name, diff)
		}
		by := tree(t, c.before).(map[string]any)
		for key := range over.(map[string]any) { // an override does the same
			value := c.over[len("{"+key+": ") : len(c.over)-1]
			if len(over.(map[string]any)) > 1 || value[0] != '{' {
				continue
			}
			if err := Set(by, defaults(), key+"="+value); err != nil {
				t.Errorf("%s: %v", c.name, err)
			} else if diff := cmp.Diff(tree(t, c.want), any(by)); diff != "" {
				t.Errorf("%s, by an override (-want +got):\n%s", c.name, diff)
			}
		}
	}
	const lists = "{rule: {mask: [full, subnet]}}"
	got := tree(t, lists).(map[string]any)
	err := Merge(got, defaults(), tree(t, "{name: b, rule: {mask: {k: 3}}}").(map[string]any))
	if want := `rule.mask: is a list, and "k" is the key of a mapping; name its kind for another list, or set rule.mask[0].k in the list`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, named := got["name"]; named {
		t.Error("refused, but the tree changed")
	}
}

// A mapping that names nothing changes nothing.
func TestMergeOfNothing(t *testing.T) {
	for before, over := range map[string]string{
		"{rule: {mask: [full, subnet]}}": "{rule: {mask: {}}}", "{rule: {mask: {kind: subnet, k: 3}}}": "{rule: {mask: {}}}",
		"{model: {bias: unit}}": "{model: {}}", "{seed: 1}": "{}",
	} {
		got := tree(t, before).(map[string]any)
		if err := Merge(got, defaults(), tree(t, over).(map[string]any)); err != nil {
			t.Errorf("%s over %s: %v", over, before, err)
		}
		if diff := cmp.Diff(tree(t, before), any(got)); diff != "" {
			t.Errorf("%s over %s (-want +got):\n%s", over, before, diff)
		}
	}
}

// A problem is located where the setting was given: on the command line only if that gave it.
func TestOverriddenMapping(t *testing.T) {
	where := Overridden([]string{"model={hidden: [3], init: {std: 1}}", "seed=3"}, func(string) (string, int) { return "file", 7 })
	for path, want := range map[string]string{
		"model.hidden": CommandLine, "model.hidden[0]": CommandLine, "model.init.std": CommandLine, "model.init": CommandLine, "model": CommandLine, "seed": CommandLine,
		"model.bias": "file", "model.init.kind": "file", "name": "file",
	} {
		if got, _ := where(path); got != want {
			t.Errorf("%s is located at %s, want %s", path, got, want)
		}
	}
}

// Of documents over each other the last that has a setting is to blame.
func TestLayered(t *testing.T) {
	var lines []func(string) Place
	for _, text := range []string{"name: a\nmodel:\n  bias: unit\n  hidden: [3]\n", "seed: 1\nmodel:\n\n  hidden: [4]\n"} {
		line, err := Lines([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	where := Layered([]string{"below", "above"}, lines)
	for path, want := range map[string]struct {
		file string
		line int
	}{
		"name": {"below", 1}, "model.bias": {"below", 3}, "model.hidden": {"above", 4}, "model.hidden[0]": {"above", 4}, "seed": {"above", 1}, "model.init": {"above", 2}, "": {"above", 1},
	} {
		if file, line := where(path); file != want.file || line != want.line {
			t.Errorf("%s: %s:%d, want %s:%d", path, file, line, want.file, want.line)
		}
	}
	reversed := Layered([]string{"below", "above"}, []func(string) Place{lines[1], lines[0]})
	if file, line := reversed("seed.x"); file != "below" || line != 1 {
		t.Errorf("the document that has most of the way: %s:%d, want below:1", file, line)
	}
	if file, line := Layered(nil, nil)("name"); file != "" || line != 0 {
		t.Errorf("of nothing: %s:%d", file, line)
	}
}
