package main

import (
	"strings"
	"testing"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/theory"
)

// A setting that is given with dashes is told how it is written, whichever it is.
func TestHintOfEverySetting(t *testing.T) {
	root := newRoot()
	hinted := func(verb, word, args string) string {
		c, _, err := root.Find([]string{verb})
		if err != nil {
			t.Fatal(err)
		}
		return settingHint(c, word, strings.Fields(args))
	}
	walked := 0
	for _, s := range schema.Settings(configs.Default()) {
		walked++
		for _, c := range []struct{ verb, want string }{
			{"train", "; settings are written " + s.Path + "=7, without dashes"},
			{"bench", "; settings are written " + s.Path + "=7, without dashes"},
			{"configs", "; settings are written " + s.Path + "=7, without dashes"},
			{"speed", "; settings are written --set " + s.Path + "=7"},
		} {
			if got := hinted(c.verb, s.Path, "x --"+s.Path+" 7"); got != c.want {
				t.Errorf("%s --%s 7: %q, want %q", c.verb, s.Path, got, c.want)
			}
		}
	}
	for _, kind := range theory.Theories.Kinds() {
		for _, f := range kind.Fields {
			walked++
			if got, want := hinted("theory", f.Key, "--"+f.Key+"=7"), "; settings are written "+f.Key+"=7, without dashes"; got != want {
				t.Errorf("theory --%s=7: %q, want %q", f.Key, got, want)
			}
		}
	}
	if walked < 200 {
		t.Errorf("%d settings were walked", walked)
	}
	for _, c := range []struct{ verb, word, args, want string }{
		{"train", "lr", "--lr 0.1", "; settings are written rule.optimizer.lr=0.1, without dashes"},
		{"train", "rule.mask", "--rule.mask=full", "; settings are written rule.mask=full, without dashes"},
		{"train", "dir", "--dir x", "; settings are written data.dir=x or out.dir=x, without dashes"},
		{"train", "seed", "-seed=1", "; settings are written seed=1, without dashes"},
		{"train", "seed", "--seed -q", "; settings are written seed=…, without dashes"},
		{"train", "seed", "", "; settings are written seed=…, without dashes"},
		{"train", "nonsense", "--nonsense", ""},
		{"train", "", "--", ""},
		{"show", "seed", "--seed=1", ""}, // it has no settings
		{"doctor", "seed", "--seed=1", ""},
	} {
		if got := hinted(c.verb, c.word, c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.verb, c.args, got, c.want)
		}
	}
}
