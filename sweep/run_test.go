package sweep

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/train/rundir"
)

// snapshot returns times and sizes of all files under a folder.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			text, _ := os.ReadFile(path)
			files[path] = info.ModTime().String() + string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A benchmark that was stopped goes on where it was: what is finished stays as
// it is, to the byte and the minute, and the end is the one of a single call.
func TestResume(t *testing.T) {
	b, out := parse(t, small), t.TempDir()
	cells := planned(t, b)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := 0
	partly, err := Run(ctx, cells, Options{Out: out, Jobs: 1, Observe: func(p Progress) {
		if p.Ended != nil {
			ended++
		}
		if ended == 2 && p.Running == 1 { // the third has begun
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if states(partly)[2] != "full 1 interrupted" || states(partly)[3] != "half 1 pending" {
		t.Fatalf("after the interrupt: %v", states(partly))
	}
	before := snapshot(t, out)

	begun := 0
	whole, err := Run(context.Background(), cells, Options{Out: out, Jobs: 2, Observe: func(p Progress) {
		if p.Ended == nil {
			begun++
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if begun != 4 {
		t.Errorf("%d runs were made, want the 4 that were left", begun)
	}
	after := snapshot(t, out)
	for path, was := range before {
		if kept := strings.Contains(path, cells[0].Hash) || strings.Contains(path, cells[1].Hash); kept && after[path] != was {
			t.Errorf("%s of a finished run changed", path)
		}
	}
	once := ran(t, cells, t.TempDir())
	for i := range whole {
		if diff := cmp.Diff(once[i].Summary.Crossings, whole[i].Summary.Crossings); diff != "" || !whole[i].Finished() {
			t.Errorf("%s seed %d, %s: %s", whole[i].Label, whole[i].Seed, whole[i].Status(), diff)
		}
	}
	ran(t, cells, out)
	if diff := cmp.Diff(after, snapshot(t, out)); diff != "" {
		t.Error("a call with nothing to do changed", diff)
	}
}

// A run that was killed leaves a directory without summary, or hardly any.
func TestRunsThatWereKilled(t *testing.T) {
	b, out := parse(t, small), t.TempDir()
	cells := planned(t, b)[:2]
	for i, file := range []string{"meta.json", "config.yaml.part"} {
		dir := string(cells[i].Directory(out))
		if err := os.MkdirAll(filepath.Join(dir, "checkpoints"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range ran(t, cells, out) {
		if !o.Finished() || o.Reused {
			t.Errorf("%s: %s, %v", o.Label, o.Status(), o.Err)
		}
	}
}

func TestForce(t *testing.T) {
	cells, out := planned(t, parse(t, small))[:1], t.TempDir()
	ran(t, cells, out)
	if !ran(t, cells, out)[0].Reused {
		t.Error("a finished run was made again")
	}
	outcomes, err := Run(context.Background(), cells, Options{Out: out, Force: true})
	if err != nil || outcomes[0].Reused || !outcomes[0].Finished() {
		t.Errorf("with force: %+v, %v", outcomes[0], err)
	}
}

// With force, what is not run again before an interrupt is not finished either.
func TestForceInterrupted(t *testing.T) {
	cells, out := planned(t, parse(t, small))[:2], t.TempDir()
	ran(t, cells, out)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	outcomes, err := Run(ctx, cells, Options{Out: out, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Status() != "pending" || o.Reused || o.Finished() {
			t.Errorf("%s: %s, reused %v", o.Label, o.Status(), o.Reused)
		}
	}
}

// A finished run that lost its metrics cannot be drawn: it runs again.
func TestRunWithoutMetrics(t *testing.T) {
	b, out := parse(t, small), t.TempDir()
	cells := planned(t, b)[:1]
	if err := os.Remove(ran(t, cells, out)[0].Directory.Path("metrics.jsonl")); err != nil {
		t.Fatal(err)
	}
	again := ran(t, cells, out)
	if again[0].Reused || !again[0].Finished() {
		t.Errorf("%s, reused %v", again[0].Status(), again[0].Reused)
	}
	if err := b.NewReport(again).Write(out); err != nil {
		t.Error(err)
	}
}

// A panic is the failure of its cell.
func TestPanicStaysAlone(t *testing.T) {
	cells := planned(t, parse(t, small))[:2]
	broken := *cells[0].Config
	broken.Data = nil // which no run can do without
	cells[0].Config, cells[0].Hash = &broken, "none"
	outcomes := ran(t, cells, t.TempDir())
	if err := outcomes[0].Err; err == nil || !strings.Contains(err.Error(), "panic: runtime error: invalid memory address") {
		t.Errorf("error %v", err)
	}
	if !outcomes[1].Finished() {
		t.Errorf("the other cell is %s", outcomes[1].Status())
	}
}

// One run serves all labels that mean the same, as where a search finds the baseline.
func TestEqualCellsRunOnce(t *testing.T) {
	text := replaced(t, "{label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}", "{label: same}")
	b := parse(t, text)
	b.MaybeEqual = true
	cells := planned(t, b)
	begun := 0
	outcomes, err := Run(context.Background(), cells, Options{Out: t.TempDir(), Observe: func(p Progress) {
		if p.Ended == nil {
			begun++
		}
		if p.Total != 3 {
			t.Errorf("%d runs, want 3", p.Total)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if begun != 3 || outcomes[0].Summary != outcomes[1].Summary || outcomes[1].Label != "same" {
		t.Errorf("%d runs, outcomes %v", begun, states(outcomes))
	}
}

// A run that diverges or cannot begin is a row like any other.
func TestFailuresStayAlone(t *testing.T) {
	text := replaced(t, "seeds: 3", "seeds: 2") + "baseline: full\n"
	text = strings.Replace(text, "rules:\n", `rules:
  - {label: wild, set: {rule.optimizer.lr: 1.0e+38, model: {hidden: [5], init: he}}}
  - {label: broken, set: {data: {name: idx, dir: nowhere}}}
`, 1)
	b := parse(t, text)
	b.Set = b.Set[1:] // broken has data of its own
	outcomes := ran(t, planned(t, b, "data={name: mixture, inputs: 20, train: 400, test: 200}"), t.TempDir())
	want := []string{"wild 0 diverged", "broken 0 failed", "full 0", "half 0", "wild 1 diverged", "broken 1 failed", "full 1", "half 1"}
	for i, got := range states(outcomes) {
		if !strings.HasPrefix(got, want[i]) || strings.HasPrefix(want[i], "full") && !outcomes[i].Finished() {
			t.Errorf("got %s, want %s", got, want[i])
		}
	}
	report := b.NewReport(outcomes)
	if r := report.Rows[0]; r.Diverged != 2 || r.Reached != 0 || r.M0 != nil || r.M0Saving != nil || len(r.Pareto) > 0 {
		t.Errorf("wild: %+v", r)
	}
	if r := report.Rows[1]; r.Failed != 2 || r.Finished != 0 {
		t.Errorf("broken: %+v", r)
	}
	var md strings.Builder
	if err := report.WriteMarkdown(&md); err != nil || !strings.Contains(md.String(), "0/2, 2 diverged") || !strings.Contains(md.String(), "- broken, seed 1: ") {
		t.Errorf("%v\n%s", err, md.String())
	}
}

// A cell is a run directory: config, metrics, weights and all.
func TestCellsAreRunDirectories(t *testing.T) {
	cells, out := planned(t, parse(t, small))[:1], t.TempDir()
	o := ran(t, cells, out)[0]
	meta, err := o.Directory.Meta()
	if err != nil || meta.Config != cells[0].Hash {
		t.Errorf("meta %+v, %v", meta, err)
	}
	config, err := o.Directory.Config()
	if want, _ := cells[0].Config.YAML(false); err != nil || string(config) != string(want) {
		t.Errorf("config %s, %v", config, err)
	}
	if !o.Summary.Status.Final() || o.Summary.Status == rundir.StatusDiverged {
		t.Errorf("status %s", o.Summary.Status)
	}
}

// Of several processes in one folder each tells the end of the runs that it made, so that each end is told once.
func TestRunsOfOthersAreNotTold(t *testing.T) {
	cells, out := planned(t, parse(t, small))[:2], t.TempDir()
	shared := Options{Out: out, Jobs: 1, Shared: true}
	var ended, others []string
	observe := shared
	observe.Observe = func(p Progress) {
		if p.Ended != nil {
			ended = append(ended, p.Ended.Hash)
			return
		}
		if others == nil { // the first has begun: the second is made elsewhere
			theirs := shared
			theirs.Observe = func(p Progress) {
				if p.Ended != nil {
					others = append(others, p.Ended.Hash)
				}
			}
			if _, err := Run(context.Background(), cells[1:], theirs); err != nil {
				t.Error(err)
			}
		}
		if done := len(ended) + len(others); p.Running == 0 && p.Done != done {
			t.Errorf("%d runs are done, want %d", p.Done, done)
		}
	}
	outcomes, err := Run(context.Background(), cells, observe)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{cells[0].Hash}, {cells[1].Hash}}, [][]string{ended, others}); diff != "" {
		t.Errorf("told by the first and by the other process: %s", diff)
	}
	if !outcomes[1].Reused || !outcomes[1].Finished() {
		t.Errorf("the second is %s, made here", outcomes[1].Status())
	}
}

// Two processes in one folder would overwrite each other's runs.
func TestFolderIsLocked(t *testing.T) {
	cells, out := planned(t, parse(t, small))[:1], t.TempDir()
	_, err := Run(context.Background(), cells, Options{Out: out, Observe: func(Progress) {
		if _, err := Run(context.Background(), cells, Options{Out: out}); err == nil {
			t.Error("a second call uses the same folder")
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
}
