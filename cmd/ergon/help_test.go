package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// commands returns a command and all below it.
func commands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, below := range c.Commands() {
		all = append(all, commands(below)...)
	}
	return all
}

// Programs and scripts call these verbs with these flags: the list may grow,
// but what is on it stays.
func TestVerbsAndFlagsGolden(t *testing.T) {
	var list strings.Builder
	for _, c := range commands(newRoot()) {
		fmt.Fprintln(&list, strings.TrimSuffix(c.UseLine(), " [flags]"))
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			short := ""
			if f.Shorthand != "" {
				short = ", -" + f.Shorthand
			}
			fmt.Fprintf(&list, "    --%s%s %s (%s)\n", f.Name, short, f.Value.Type(), f.DefValue)
		})
	}
	golden := filepath.Join("testdata", "verbs.golden.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; go test ./cmd/ergon -run Golden -update writes it", err)
	}
	if diff := cmp.Diff(string(want), list.String()); diff != "" {
		t.Errorf("(-golden +now), go test ./cmd/ergon -run Golden -update accepts it:\n%s", diff)
	}
}

// helpWidth is what a line of help may be long, without its indent.
const helpWidth = 88

// Help ends a reader's search: it shows examples that can be typed as they
// are, and says what the exit codes mean.
func TestHelp(t *testing.T) {
	for _, c := range commands(newRoot()) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			text := help(t, c)
			if !strings.Contains(text, "\nExamples:\n  ergon ") {
				t.Errorf("no examples in\n%s", text)
			}
			for line := range strings.Lines(text) {
				if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > helpWidth {
					t.Errorf("a line of %d characters, more than %d:\n%s", n, helpWidth, line)
				}
			}
			if c.Short == "" || c.Short != strings.TrimSuffix(c.Short, ".") || c.Short[:1] != strings.ToLower(c.Short[:1]) {
				t.Errorf("summary %q: want lower case, without full stop", c.Short)
			}
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if f.Usage == "" {
					t.Errorf("--%s is not explained", f.Name)
				}
			})
			if !strings.Contains(text, "Exit codes: 0 done, 1 error, 2 bad usage or config, 3 diverged, 75 stopped by a signal.\n") {
				t.Errorf("no exit codes in\n%s", text)
			}
		})
	}
}

// help returns what `COMMAND --help` prints.
func help(t *testing.T, c *cobra.Command) string {
	t.Helper()
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(append(strings.Fields(c.CommandPath())[1:], "--help"))
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
