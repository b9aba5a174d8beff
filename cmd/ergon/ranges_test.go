package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// numeric are the types of flags that are numbers.
var numeric = map[string]bool{"int": true, "int64": true, "uint": true, "float64": true, "duration": true, "intSlice": true}

// No number that means nothing is accepted: it is an error, or the flag's help says what
// it means.
func TestNumbersOfFlags(t *testing.T) {
	walked := 0
	for _, c := range commands(newRoot()) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !numeric[f.Value.Type()] {
				return
			}
			walked++
			for _, text := range []string{"-1", "0", "-0", "NaN", "inf", "-inf", "1e300", "1e-400", "08", "010", "-010", "00", "0_1", "", " ", "3 4", "99999999999999999999"} {
				err := given(t, c, f.Name, text)
				explained := (text == "0" || text == "-0" || text == "1e-400") && strings.Contains(f.Usage, "0: ")
				if err == nil && !explained {
					t.Errorf("%s --%s=%q is accepted, and its help does not say what it means", c.CommandPath(), f.Name, text)
				}
				if err != nil && !strings.Contains(err.Error(), "--"+f.Name) {
					t.Errorf("%s --%s=%q: the error does not name the flag: %v", c.CommandPath(), f.Name, text, err)
				}
			}
			if err := given(t, c, f.Name, "1"); err != nil {
				t.Errorf("%s --%s=1: %v", c.CommandPath(), f.Name, err)
			}
		})
	}
	if walked < 7 {
		t.Errorf("%d flags are numbers, want at least 7", walked)
	}
}

// given gives a new command like c a flag.
func given(t *testing.T, c *cobra.Command, flag, text string) error {
	t.Helper()
	anew, _, err := newRoot().Find(strings.Fields(c.CommandPath())[1:])
	if err != nil {
		t.Fatal(err)
	}
	return anew.Flags().Set(flag, text)
}

// What does nothing, or contradicts something else that was given, is refused with exit
// code 2, before anything is computed.
func TestContradictions(t *testing.T) {
	for _, c := range []struct{ call, want string }{
		{"speed --batch 8 --set train.batch=128", "--batch and --set train.batch=128"},
		{"speed --batch 8 --set train={batch:128}", "--batch and --set train"},
		{"speed --hidden 8 --set model.hidden=[9]", "--hidden and --set"},
		{"speed --hidden 8 --set model.hidden[0]=9", "--hidden and --set"},
		{"speed --hidden 8 --set model=convnet", "--hidden and --set"},
		{"speed --hidden 8 --set model.kind=convnet", "--hidden and --set"},
		{"speed --hidden 8 --model convnet", "--hidden"},
		{"speed --model mlp --set model=convnet", "--model and --set"},
		{"speed --rule neurons --set rule.mask=full", "--rule and --set"},
		{"speed --rule neurons --set rule.mask[0].p=0.1", "--rule and --set"},
		{"speed --rule neurons --set Rule.Mask=full", "--rule and --set"},
		{"speed --rule neurons --p 0.1 --set rule={mask:full}", "--set rule="},
		{"speed --device cpu --set engine.device=reference", "--device and --set"},
		{"speed --p 0.1", "name the rule"},
		{"speed --p 0.1 --set rule.mask=neurons", "--p"},
		{"speed --p 0.1 --rule dense", "dense keeps all"},
		{"speed --networks 2", "need a GPU"},
		{"speed --networks 9223372036854775807", "need a GPU"},
		{"speed --suite --batch 8", "--batch: --suite"},
		{"speed --suite --networks 2", "--networks: --suite"},
		{"speed --suite --set train.batch=8", "--suite and --set"},
		{"speed --suite --set rule.mask=neurons", "--suite and --set"},
		{"speed --suite --device cpu --set engine.device=cpu", "--device and --set"},
		{"bench --tune", "--tune does nothing"},
		{"bench --jobs 2", "--jobs does nothing"},
		{"bench --out x -q", "does nothing"},
		{"theory --simulate 2", "--simulate does nothing"},
		{"theory --plot x.png", "--plot does nothing"},
		{"theory bounds --simulate 2", "has no simulation"},
	} {
		root := newRoot()
		root.SetArgs(strings.Fields(c.call))
		err := root.Execute()
		if err == nil || codeOf(err) != exitUsage || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ergon %s: %v, want a usage error that says %q", c.call, err, c.want)
		}
	}
}
