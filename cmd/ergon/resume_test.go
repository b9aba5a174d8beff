//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/train/rundir"
)

// short are the settings of runs that are killed: half a second, with many evaluations and
// logged steps, and a state saved after every seventh step.
var short = []string{
	"train", "mixture", "data.train=90", "data.test=20", "model.hidden=[9,7]", "train.batch=4", "train.epochs=8",
	"train.eval_every=11", "train.log_every=1", "train.goals=[0.3,0.6]", "checkpoint.every_steps=7", "out.dir=run", "-q",
}

// everyKind returns the settings of a run for each registered kind of each stage, for each
// model and each order of presentation.
func everyKind() (all [][]string) {
	add := func(stage string, kinds []schema.Kind) {
		for _, k := range kinds {
			all = append(all, []string{stage + "=" + k.Name})
		}
	}
	add("rule.gate", masks.Gates.Kinds())
	add("rule.error", masks.Errors.Kinds())
	add("rule.mask", masks.Masks.Kinds())
	add("rule.clip", masks.Clips.Kinds())
	add("rule.optimizer", masks.Optimizers.Kinds())
	add("rule.cache", masks.Caches.Kinds())
	add("rule.synapse", masks.SynapseKinds.Kinds())
	add("model", graph.Kinds.Kinds())
	for _, s := range []string{"shuffle", "replacement", "sequential"} {
		all = append(all, []string{"train.sampling=" + s})
	}
	for _, k := range datasets.Kinds.Kinds() {
		all = append(all, []string{"data=" + k.Name})
	}
	return append(all,
		[]string{"data.validation=10"}, []string{"engine.device=reference", "train.epochs=2"},
		[]string{"rule.optimizer=adam", "rule.cache=synaptic", "rule.gate=lazy", "rule.mask=neurons"},
		[]string{"train.batch=1", "rule.optimizer=momentum", "train.epochs=3"})
}

// A run that is killed at any time, and called again until it ends, leaves the weights and
// all lines of a run that was not.
func TestKilledRunsGoOn(t *testing.T) {
	kinds := everyKind()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	kills := 0
	for i, settings := range kinds {
		if !everyKillOf && i%20 != int(seed%20) {
			continue
		}
		args := append(append([]string{}, short...), settings...)
		whole := t.TempDir()
		begun := time.Now()
		if code, said := call(t, whole, "ergon", args...); code == exitUsage || strings.Contains(said, "not found; looked in") {
			continue // its defaults are not for this network, or files are missing
		} else if code != 0 && code != exitDiverged {
			t.Fatalf("%v: exit code %d: %s", settings, code, said)
		}
		lasts := time.Since(begun)
		folder := t.TempDir()
		for n := 0; ; n++ {
			after := time.Duration(random.Int64N(int64(lasts) + 1))
			if n >= 5 || n >= 3 && !everyKillOf { // enough of that
				after = time.Minute
			}
			if !killed(t, folder, after, args) {
				break
			}
			kills++
		}
		same(t, fmt.Sprintf("%v (kills of seed %d)", settings, seed), filepath.Join(whole, "run"), filepath.Join(folder, "run"))
	}
	t.Logf("%d kills", kills)
	if everyKillOf && kills < 50 {
		t.Errorf("%d kills are too few", kills)
	}
}

// killed calls the program, kills it after some time, and says whether it was still there.
func killed(t *testing.T, folder string, after time.Duration, args []string) bool {
	t.Helper()
	c := exec.Command("ergon", args...)
	var said bytes.Buffer
	c.Dir, c.Stderr = folder, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		select {
		case <-ended:
		case <-time.After(after):
			_ = c.Process.Kill()
		}
	}()
	_ = c.Wait()
	close(ended)
	code := c.ProcessState.ExitCode()
	if code > 0 && code != exitDiverged {
		t.Fatalf("exit code %d: %s", code, said.String())
	}
	return code < 0
}

var times = regexp.MustCompile(`"wall_s":[^,}]*`)

// same compares what two runs have left, times apart.
func same(t *testing.T, what, a, b string) {
	t.Helper()
	for _, file := range []string{rundir.MetricsFile, rundir.StepsFile, rundir.CheckpointsFolder + "/" + rundir.WeightsFile, rundir.SynapseArraysFile} {
		want, err := os.ReadFile(filepath.Join(a, file))
		got, err2 := os.ReadFile(filepath.Join(b, file))
		if (err == nil) != (err2 == nil) {
			t.Errorf("%s: %s: %v, %v", what, file, err, err2)
		}
		if strings.HasSuffix(file, "jsonl") {
			want, got = times.ReplaceAll(want, nil), times.ReplaceAll(got, nil)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s: %s differs", what, file)
		}
	}
	one, err := rundir.Directory(a).Summary()
	other, err2 := rundir.Directory(b).Summary()
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for _, s := range []*rundir.Summary{one, other} {
		s.Wall, s.StepsPerSecond, s.Resumed = 0, 0, rundir.Resumed{}
		s.Energy.JoulesMeasured, s.Energy.NotMeasured = nil, ""
	}
	want, _ := jsonOf(one)
	if got, _ := jsonOf(other); got != want {
		t.Errorf("%s: summaries differ:\n%s\n%s", what, want, got)
	}
}

func jsonOf(value any) (string, error) {
	var b strings.Builder
	err := printJSON(&b, value)
	return b.String(), err
}
