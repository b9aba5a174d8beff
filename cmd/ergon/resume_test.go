//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
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

// epochs is how many epochs the runs that are killed have, of six steps each.
const epochs = 4

// short are the settings of runs that are killed: many evaluations and logged steps, and a
// state saved after every step.
var short = []string{
	"train", "mixture", "data.train=24", "data.test=10", "data.inputs=20", "model.hidden=[9,7]", "model.init=glorot", "train.batch=4", fmt.Sprintf("train.epochs=%d", epochs),
	fmt.Sprintf("train.max_steps=%d", 6*epochs), "train.eval_every=5", "train.log_every=1", "train.goals=[0.3,0.6]", "checkpoint.every_steps=1", "out.dir=run", "-q",
}

// fitting are settings of kinds whose defaults are not for short's data or network.
var fitting = map[string][]string{
	"model=convnet":         {"model={kind: convnet, height: 4, width: 5, channels: [3, 4], kernel: 2, padding: 1, pool: 2, hidden: [6]}"},
	"model=perceptron":      {"data={name: patterns, inputs: 20, examples: 24}", "model=perceptron"},
	"model=boltzmann":       {"data={name: bars_and_stripes, side: 3}", "model=boltzmann"},
	"model=rbm":             {"model={kind: rbm, hidden: 12}", "data={name: mnist, train: 24, test: 10, transform: binary}"},
	"data=bars_and_stripes": {"data={name: bars_and_stripes, side: 3}", "model={kind: rbm, hidden: 12}"},
	"data=patterns":         {"data={name: patterns, inputs: 20, examples: 24}", "model=perceptron"},
	"data=teacher":          {"data={name: teacher, inputs: 20, train: 24, test: 10}", "model.loss=mse"},
	"data=mixture":          {"data={name: mixture, train: 24, test: 10}"},
	"data=mnist":            {"data={name: mnist, train: 24, test: 10}"},
	"data=fashion_mnist":    {"data={name: fashion_mnist, train: 24, test: 10}"},
	"data=kmnist":           {"data={name: kmnist, train: 24, test: 10}"},
	"data=cifar10":          {"data={name: cifar10, train: 24, test: 10}"},
}

// everyKind returns the settings of a run for each registered kind of each stage, for each
// model and each order of presentation.
func everyKind() (all [][]string) {
	add := func(stage string, kinds []schema.Kind) {
		for _, k := range kinds {
			setting := stage + "=" + k.Name
			if fit := fitting[setting]; fit != nil {
				all = append(all, fit)
			} else {
				all = append(all, []string{setting})
			}
		}
	}
	add("rule.gate", masks.Gates.Kinds())
	add("rule.error", masks.Errors.Kinds())
	add("rule.mask", masks.Masks.Kinds())
	add("rule.clip", masks.Clips.Kinds())
	add("rule.optimizer", masks.Optimizers.Kinds())
	add("rule.optimizer.schedule", masks.Schedules.Kinds())
	add("rule.cache", masks.Caches.Kinds())
	add("rule.synapse", masks.SynapseKinds.Kinds())
	add("model", graph.Kinds.Kinds())
	for _, order := range datasets.Orders {
		all = append(all, []string{"train.sampling=" + order})
	}
	add("data", datasets.Kinds.Kinds())
	return append(all,
		[]string{"rule.cache={kind: low_rank, rank: 2, batch: 10}"}, []string{"rule.cache={kind: tiki_taka, gamma: 0.5, transfer_every: 5, rows: 3}"},
		[]string{"rule.cache={kind: tiki_taka2, gamma: 0.5, forget: false, rows: 3}"}, []string{"rule.cache={kind: metaplastic, m: 0.5}", "rule.optimizer=adam"},
		[]string{"rule.cache={kind: mixed_precision, epsilon: 0.002, levels: 5, transfer_every: 5, rows: 3}"},
		[]string{"rule.gate={kind: reserve, income: 50, misclassified: true}"}, []string{"rule.gate=lazy", "rule.optimizer.schedule=error", "train.batch=1", "data.train=6"}, []string{"train.crossing=sustained", "train.sustain=2"},
		[]string{"data.validation=6", "data.train=30"}, []string{"engine.device=reference"},
		[]string{"rule.optimizer=adam", "rule.cache=synaptic", "rule.gate=lazy", "rule.mask=neurons"},
		[]string{"train.batch=1", "rule.optimizer=momentum", "data.train=6"})
}

// A run that is killed at any time, and called again until it ends, leaves the weights and
// all lines of a run that was not.
func TestKilledRunsGoOn(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	fell := &tally{counts: map[where]int{}}
	t.Run("kinds", func(t *testing.T) {
		for i, settings := range everyKind() {
			if !everyKillOf && i%20 != int(seed%20) {
				continue
			}
			t.Run(strings.Join(settings, " "), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, uint64(i)))
				threads := fmt.Sprintf("engine.threads=%d", 1+i%2)
				killOften(t, append(append(append([]string{}, short...), settings...), threads), random, fell)
			})
		}
	})
	t.Logf("seed %d: %v", seed, fell)
	if !everyKillOf || t.Failed() {
		return
	}
	if total := fell.total(); total < 400 {
		t.Errorf("%d kills are too few", total)
	}
	for _, place := range moments {
		if fell.counts[place] < 5 {
			t.Errorf("%d kills %s are too few", fell.counts[place], place)
		}
	}
}

// killOften makes a run at one go, and again with a kill at each of some moments; as often
// as it comes to its end before all of them, again from the start.
func killOften(t *testing.T, args []string, random *rand.Rand, fell *tally) {
	t.Helper()
	whole := memoryFolder(t)
	begun := time.Now()
	switch code, said := call(t, whole, "ergon", args...); {
	case strings.Contains(said, "not found; looked in") || strings.Contains(said, "data.dir: "):
		t.Skipf("its files are not here: %s", said)
	case code != 0 && code != exitDiverged:
		t.Fatalf("exit code %d: %s", code, said)
	}
	k := killer{random: random, lasts: time.Since(begun), steps: summaryOf(t, whole).Steps, args: args, fell: fell}
	kills := 0
	for range rounds {
		folder := memoryFolder(t)
		for _, moment := range k.moments() {
			if k.kill(t, folder, moment) {
				kills++
				continue
			}
			same(t, whole, folder)
			folder = memoryFolder(t)
		}
		k.finish(t, folder)
		same(t, whole, folder)
	}
	if kills < 3*rounds && everyKillOf {
		t.Errorf("%d kills are too few", kills)
	}
}

func summaryOf(t *testing.T, folder string) *rundir.Summary {
	t.Helper()
	s, err := rundir.Directory(filepath.Join(folder, "run")).Summary()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var times = regexp.MustCompile(`"wall_s":[^,}]*`)

// same compares what runs have left in two folders, times apart.
func same(t *testing.T, whole, folder string) {
	t.Helper()
	for _, file := range []string{rundir.MetricsFile, rundir.StepsFile, rundir.CheckpointsFolder + "/" + rundir.WeightsFile, rundir.SynapsesFile, rundir.SynapseArraysFile, rundir.ChainsFile} {
		want, err := os.ReadFile(filepath.Join(whole, "run", file))
		got, err2 := os.ReadFile(filepath.Join(folder, "run", file))
		if (err == nil) != (err2 == nil) {
			t.Errorf("%s: %v, %v", file, err, err2)
		}
		if strings.HasSuffix(file, "jsonl") {
			want, got = times.ReplaceAll(want, nil), times.ReplaceAll(got, nil)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s differs", file)
		}
	}
	one, other := summaryOf(t, whole), summaryOf(t, folder)
	for _, s := range []*rundir.Summary{one, other} {
		s.Wall, s.StepsPerSecond, s.Resumed = 0, 0, rundir.Resumed{}
		s.Energy.JoulesMeasured, s.Energy.NotMeasured = nil, ""
	}
	want, _ := jsonOf(one)
	if got, _ := jsonOf(other); got != want {
		t.Errorf("summaries differ:\n%s\n%s", want, got)
	}
}

func jsonOf(value any) (string, error) {
	var b strings.Builder
	err := printJSON(&b, value)
	return b.String(), err
}
