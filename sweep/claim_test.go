package sweep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plain is small with one seed and no figures.
func plain(t *testing.T) string {
	return strings.Replace(replaced(t, "seeds: 3", "seeds: 1"), "goals: [0.6, 0.7]", "goals: [0.6]\nfigures: false", 1)
}

// asks returns what a benchmark is asked, and its cells.
func asks(t *testing.T, b *Bench, overrides ...string) (*Asked, []Cell) {
	t.Helper()
	settings, err := Overrides(overrides)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := b.Asked(settings, b.Tune != nil)
	if err != nil {
		t.Fatal(err)
	}
	return asked, planned(t, b, overrides...)
}

// reported runs a benchmark in a folder and writes its results.
func reported(t *testing.T, b *Bench, out string, force bool) error {
	t.Helper()
	asked, cells := asks(t, b)
	outcomes, err := Run(t.Context(), cells, Options{Out: out, Jobs: 2, Force: force, Asked: asked})
	if err != nil {
		return err
	}
	report := b.NewReport(outcomes)
	report.Asked = asked
	return report.Write(out)
}

// others are benchmarks that are not plain, by what a refusal must name: old and new
// text, and what is set on the command line.
var others = map[string]struct{ old, by, set string }{
	"name (small there, large here)":      {"name: small", "name: large", ""},
	"base (mixture there, frugal_m0":      {"base: mixture", "base: frugal_m0", ""},
	"set ([data={":                        {"train.batch: 10", "train.batch: 20", ""},
	"rule.optimizer.lr=0.5] here)":        {"", "", "lr=0.5"},
	`rules "half" ([rule.mask={`:          {"p: 0.5", "p: 0.25", ""},
	`rules ("half" there is not here)`:    {"label: half", "label: most", ""},
	"grid ([] there, [rule.optimizer.lr=": {"seeds: 1", "seeds: 1\ngrid: {lr: [0.1, 1]}", ""},
	"goals ([0.6] there, [0.7] here)":     {"goals: [0.6]", "goals: [0.7]", ""},
	"goals ([0.6] there, [0.6 0.7] here)": {"goals: [0.6]", "goals: [0.6, 0.7]", ""},
	"stop (true there, false here)":       {"budget: 400", "budget: 400\nstop: false", ""},
	"budget (400 there, 800 here)":        {"budget: 400", "budget: 800", ""},
	"tune (no search there)":              {"budget: 400\n", "budget: 400\n" + tuned[len(small):], ""},
}

// Results of another benchmark stay where they are, to the byte, and the refusal
// names what differs; with force they make way, and files that are no results stay.
func TestResultsOfAnotherBenchmark(t *testing.T) {
	out, text := t.TempDir(), plain(t)
	if err := reported(t, parse(t, text), out, false); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(out, "notes.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, out)
	for want, c := range others {
		var set []string
		if c.set != "" {
			set = []string{c.set}
		}
		b := parse(t, strings.Replace(text, c.old, c.by, 1))
		asked, cells := asks(t, b, set...)
		_, err := Run(t.Context(), cells, Options{Out: out, Asked: asked})
		if err == nil || !strings.Contains(err.Error(), "the results of another benchmark, which differs in ") ||
			!strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--force") {
			t.Errorf("want %s, got %v", want, err)
		}
		if diff := cmp.Diff(before, snapshot(t, out)); diff != "" {
			t.Fatalf("%s: a refusal changed %s", want, diff)
		}
	}
	if err := reported(t, parse(t, strings.Replace(text, "p: 0.5", "p: 0.25", 1)), out, true); err != nil {
		t.Errorf("with force: %v", err)
	}
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("with force a file of another is %q, %v", text, err)
	}
}

// What is added to a benchmark takes the place of no result, nor does another way to
// write the same.
func TestMoreOfABenchmark(t *testing.T) {
	out, text := t.TempDir(), plain(t)+"baseline: full\n"
	if err := reported(t, parse(t, text), out, false); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, by string }{
		"the same":   {"", ""},
		"seeds":      {"seeds: 1", "seeds: [3, 0]"},
		"a rule":     {"rules:\n", "rules:\n  - {label: most, set: {rule.mask: {kind: bernoulli, p: 0.9}}}\n"},
		"baseline":   {"baseline: full", "baseline: half"},
		"spelling":   {"p: 0.5", "p: 0.50"},
		"comment":    {"# two rules", "# two"},
		"said twice": {"rule.mask: full", "rule.mask: [full]"},
		"published":  {"seeds: 1", "seeds: 1\npublished: [{label: full, goal: 0.6, m0: 1, source: x}]"},
	} {
		asked, cells := asks(t, parse(t, strings.Replace(text, c.old, c.by, 1)))
		if err := asked.claim(out, cells, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	on := func(grid string) *Asked {
		asked, _ := asks(t, parse(t, strings.Replace(text, "seeds: 1", "seeds: 1\ngrid: "+grid, 1)))
		return asked
	}
	there := on("{lr: [0.1, 1]}")
	if keys := there.differences(on("{lr: [0.5, 1, 0.1]}")); keys != nil {
		t.Errorf("a value more on the grid: %v", keys)
	}
	if keys := there.differences(on("{lr: [0.5, 1]}")); len(keys) != 1 || !strings.HasPrefix(keys[0], "grid (") {
		t.Errorf("a value less on the grid: %v", keys)
	}
}

// A base file that says something else is another benchmark, under the same name.
func TestBaseThatChanged(t *testing.T) {
	dir := t.TempDir()
	base, file := filepath.Join(dir, "base.yaml"), filepath.Join(dir, "bench.yaml")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(file, "base: base.yaml\nrules: [{label: a}]\ngoals: 0.6\n")
	asked := func(text string) *Asked {
		write(base, text)
		b, err := Load(file, false)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := asks(t, b)
		return a
	}
	there := asked("data: mixture\nmodel: {hidden: []}\n")
	if keys := there.differences(asked("data: mixture\nmodel: {hidden: [3]}\n")); len(keys) != 1 || keys[0] != "what "+base+" says" {
		t.Errorf("got %v", keys)
	}
}

// Folders that are not a benchmark's are left as they are, with force, too.
func TestFoldersOfOthers(t *testing.T) {
	asked, cells := asks(t, parse(t, plain(t)))
	for name, c := range map[string]struct {
		files []string
		want  string // empty: the folder is taken
	}{
		"nothing":            {nil, ""},
		"killed at once":     {[]string{"cells/0123456789/config.yaml.part", "bench.json.part"}, ""},
		"notes":              {[]string{"notes.txt"}, "it holds notes.txt"},
		"a table":            {[]string{"bench.md"}, "it holds bench.md, and no bench.json"},
		"a result like ours": {[]string{"bench.json"}, "bench.json is not written by `ergon bench`"},
		"a search like ours": {[]string{"tune.json"}, "tune.json is not written by `ergon bench`"},
		"a run":              {[]string{"meta.json", "config.yaml"}, "it holds config.yaml"},
		"data":               {[]string{"train-images-idx3-ubyte"}, "it holds train-images-idx3-ubyte"},
		"other cells":        {[]string{"cells/nucleus.png"}, "it holds cells/nucleus.png"},
		"folder in cells":    {[]string{"cells/blood/1.png"}, "it holds cells/blood"},
		"a hidden file":      {[]string{".git/config"}, "it holds .git"},
		"a file as cells":    {[]string{"cells"}, "it holds cells"},
	} {
		out := t.TempDir()
		for _, file := range c.files {
			path := filepath.Join(out, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before := snapshot(t, out)
		for _, force := range []bool{false, true} {
			err := asked.claim(out, cells, force)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), filepath.FromSlash(c.want)) || !strings.Contains(err.Error(), "--out")) {
				t.Errorf("%s, force %v: got %v, want %q", name, force, err, c.want)
			}
		}
		if c.want != "" {
			if _, err := Run(t.Context(), cells, Options{Out: out, Asked: asked, Force: true}); err == nil {
				t.Errorf("%s: it runs there", name)
			}
		}
		if diff := cmp.Diff(before, snapshot(t, out)); diff != "" {
			t.Errorf("%s: changed %s", name, diff)
		}
	}
}

// Results of versions that did not write what was asked are known by their name,
// goals and runs.
func TestResultsOfEarlierVersions(t *testing.T) {
	out, text := t.TempDir(), plain(t)
	b := parse(t, text)
	asked, cells := asks(t, b)
	outcomes := ran(t, cells, out)
	for i := range outcomes { // as such a version would call them
		outcomes[i].Hash = outcomes[i].former
	}
	if err := b.NewReport(outcomes).Write(out); err != nil {
		t.Fatal(err)
	}
	if err := asked.claim(out, cells, false); err != nil {
		t.Errorf("of the same benchmark: %v", err)
	}
	for want, c := range map[string]struct{ old, by string }{
		"name (small there, large here)":   {"name: small", "name: large"},
		"goals ([0.6] there, [0.7] here)":  {"goals: [0.6]", "goals: [0.7]"},
		`rules ("half" there is not here)`: {"label: half", "label: most"},
		`the settings of "half"`:           {"p: 0.5", "p: 0.25"},
		"tune":                             {"budget: 400\n", "budget: 400\n" + tuned[len(small):]},
	} {
		other, cells := asks(t, parse(t, strings.Replace(text, c.old, c.by, 1)))
		if err := other.claim(out, cells, false); err == nil || !strings.Contains(err.Error(), "which differs in "+want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

// A search's folder is its own, and is gone on with.
func TestFolderOfASearch(t *testing.T) {
	out, text := t.TempDir(), strings.Replace(tuned, "candidates: 9", "candidates: 3", 1)
	b := parse(t, text)
	asked, cells := asks(t, b)
	tuning, err := b.Search(t.Context(), nil, Options{Out: out, Jobs: 2, Asked: asked}, unwatched)
	if err != nil {
		t.Fatal(err)
	}
	if err := tuning.Write(out); err != nil {
		t.Fatal(err)
	}
	if err := asked.claim(out, cells, false); err != nil {
		t.Errorf("the same search: %v", err)
	}
	for want, c := range map[string]struct{ old, by string }{
		"tune (a search there)":          {tuned[len(small):], ""},
		"tune.keep (3 there, 2 here)":    {"keep: 3", "keep: 2"},
		"tune.search ([rule.optimizer.":  {"[0.01, 1]", "[0.01, 2]"},
		"tune.fresh ([200 201 202]":      {"fresh: [200, 201, 202]", "fresh: [200, 201]"},
		"tune.price ({0 1} there, {1 0}": {"price: m1", "price: m0"},
	} {
		other, cells := asks(t, parse(t, strings.Replace(strings.Replace(tuned, "candidates: 9", "candidates: 3", 1), c.old, c.by, 1)))
		if strings.HasPrefix(want, "tune (a") {
			other, cells = asks(t, parse(t, small))
		}
		if err := other.claim(out, cells, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

// So is that of a version that did not write what was searched.
func TestSearchOfEarlierVersions(t *testing.T) {
	out := t.TempDir()
	asked, _ := asks(t, parse(t, tuned))
	other, _ := asks(t, parse(t, strings.Replace(tuned, "label: best", "label: other", 1)))
	plain, cells := asks(t, parse(t, small))
	check := func(what string) {
		t.Helper()
		if err := asked.claim(out, nil, false); err != nil {
			t.Errorf("%s, the same search: %v", what, err)
		}
		if err := other.claim(out, nil, false); err == nil || !strings.Contains(err.Error(), "which differs in tune;") {
			t.Errorf("%s, another search: %v", what, err)
		}
		if err := plain.claim(out, cells, false); err == nil || !strings.Contains(err.Error(), "another benchmark") {
			t.Errorf("%s, no search: %v", what, err)
		}
	}
	if err := (&Tuning{Label: "best", Rungs: []Rung{}}).Write(out); err != nil {
		t.Fatal(err)
	}
	check("before the verdict")
	b := parse(t, tuned)
	verdict := b.Verdict(&Tuning{rule: Rule{Label: "best"}})
	verdict.Figures = false
	var pending []Outcome
	for _, c := range planned(t, verdict) {
		pending = append(pending, look(c, out))
	}
	if err := verdict.NewReport(pending).Write(out); err != nil {
		t.Fatal(err)
	}
	check("with a verdict")
}

// A run that was not finished is emptied file by file: what is no run's stays.
func TestUnfinishedCellsKeepFilesOfOthers(t *testing.T) {
	for _, killed := range []string{"summary.json", "meta.json"} { // also before it was known for a run's
		cells, out := planned(t, parse(t, plain(t)))[:1], t.TempDir()
		d := ran(t, cells, out)[0].Directory
		if err := os.Remove(d.Path("summary.json")); err != nil {
			t.Fatal(err)
		}
		if killed == "meta.json" {
			if err := os.Remove(d.Path(killed)); err != nil {
				t.Fatal(err)
			}
		}
		for _, file := range []string{"notes.txt", "config.yaml.part"} {
			if err := os.WriteFile(d.Path(file), []byte("mine"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if o := ran(t, cells, out)[0]; o.Reused || !o.Finished() {
			t.Errorf("%s: reused %v, %s", killed, o.Reused, o.Status())
		}
		if text, err := os.ReadFile(d.Path("notes.txt")); err != nil || string(text) != "mine" {
			t.Errorf("without %s: notes are %q, %v", killed, text, err)
		}
		if _, err := os.Stat(d.Path("config.yaml.part")); err == nil {
			t.Errorf("without %s: what the killed run left half-written is still there", killed)
		}
	}
}
