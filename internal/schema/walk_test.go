package schema

import (
	"slices"
	"strings"
	"testing"
)

// Settings reach every setting of every kind, and Set takes their paths.
func TestSettings(t *testing.T) {
	all := Settings(defaults())
	found := map[string]Setting{}
	for _, s := range all {
		found[strings.Join(append(slices.Clone(s.Kinds), s.Path), " ")] = s
		tree := map[string]any{}
		for _, assignment := range append(slices.Clone(s.Kinds), s.Path+"=1") {
			if err := Set(tree, defaults(), assignment); err != nil {
				t.Errorf("%v: %v", s, err)
			}
		}
	}
	for _, want := range []string{
		"name", "model.hidden", "model.init=normal model.init.std", "rule.mask=bernoulli rule.mask[0].p", "rule.mask=subnet rule.mask[0].k", "rule.extra=normal rule.extra.std", "quiet",
	} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is not among %v", want, all)
		}
	}
	if s := found["rule.mask=bernoulli rule.mask[0].redraw"]; s.Allowed != "step | never" || s.Type != "string" || s.Default != "step" {
		t.Errorf("%+v", s)
	}
	if len(found) != len(all) {
		t.Error("a setting is listed twice")
	}
}
