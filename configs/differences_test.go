package configs

import (
	"slices"
	"testing"
)

func TestDifferences(t *testing.T) {
	was := load(t, "mnist")
	for want, assignments := range map[string][]string{
		"":                {"out.dir=x", "checkpoint.every_s=1"},
		"seed (3, was 0)": {"seed=3"},
		"train.goals ([0.5], was [0.9, 0.93, 0.95, 0.97])": {"train.goals=[0.5]"},
		"rule.mask[0].kind (neurons, was bernoulli)":       {"rule.mask=neurons"},
		"rule.mask[0].side (post, was not there)":          {"rule.mask=neurons"},
	} {
		got, err := Differences(load(t, "mnist", assignments...), was)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%v: %q lacks %q", assignments, got, want)
		}
	}
}
