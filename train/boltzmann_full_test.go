package train

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/internal/race"
	"ergon/internal/schema"
	"ergon/masks"
)

// bars is a task for a fully connected machine: 2·2³-2 = 14 patterns of 9 bits, 13 units.
const bars = `
name: bars
data: {name: bars_and_stripes, side: 3}
model: {kind: boltzmann, hidden: 4}
rule: {mask: [{kind: full}], optimizer: {kind: sgd, lr: 0.5}}
train: {batch: 5, epochs: 4, goals: []}
engine: {blas: gonum, threads: 2}
`

const barsUnits, barsPairs = 9 + 4, 13 * 12 / 2

// Under every kind of mask, clip, optimizer and cache the machine learns, its pairs are the only synapses that
// change, and are what is counted.
func TestFullMachineUnderEveryKind(t *testing.T) {
	for _, stage := range []string{"rule.mask", "rule.clip", "rule.optimizer", "rule.cache"} {
		for _, kind := range stages()[stage] {
			setting := stage + "=" + kind.Name
			t.Run(setting, func(t *testing.T) {
				c := load(t, bars, setting)
				r, err := New(c)
				if refused := (*schema.Error)(nil); errors.As(err, &refused) {
					// The data have no classes; dW of pairs is no product of two factors.
					if !slices.Contains([]string{"per_class", "low_rank", "pulsed"}, kind.Name) {
						t.Fatal(err)
					}
					t.Skip(err)
				}
				if err != nil {
					t.Fatal(err)
				}
				r.Close()
				learnsPairs(t, c)
			})
		}
	}
}

// learnsPairs takes some steps, and recounts what changed.
func learnsPairs(t *testing.T, c *configs.Config) {
	t.Helper()
	const steps = 30
	r := begin(t, c)
	layer := r.Model.Layers()[0]
	for range steps {
		before := slices.Concat(layer.W, layer.B)
		advance(t, r)
		last, changed := r.Ledger.Last(), int64(0)
		for k, w := range slices.Concat(layer.W, layer.B) {
			if w != before[k] {
				changed++
			}
		}
		if cached := r.updater.Memory() != nil; !cached && last.M0Stored != changed {
			t.Fatalf("step %d: %d synapses changed, and %d are counted", r.Steps, changed, last.M0Stored)
		}
		if last.M0 > barsPairs+barsUnits {
			t.Fatalf("step %d: M0 = %d of %d synapses", r.Steps, last.M0, barsPairs+barsUnits)
		}
	}
	for k, w := range layer.W {
		if k/barsUnits >= k%barsUnits && math.Float32bits(w) != 0 {
			t.Errorf("W[%d,%d] = %v, and is no synapse", k/barsUnits, k%barsUnits, w)
		}
	}
	if r.Updates == 0 && !frozen(c) {
		t.Error("nothing was learned")
	}
}

// frozen says whether a rule keeps all synapses as they are.
func frozen(c *configs.Config) bool {
	return len(c.Rule.Mask) == 1 && masks.Masks.Name(c.Rule.Mask[0]) == "frozen"
}

// The account has presentations only, not the states that are enumerated: of each, a product
// for each pair in both passes, effective where both units are on; and no sampling.
func TestAccountOfAFullMachine(t *testing.T) {
	r := begin(t, load(t, bars, "model.hidden=0"))
	on, pairs := int64(0), int64(0)
	const steps = 7
	for range steps {
		for _, i := range r.sampler.Batch(uint64(r.Steps)) {
			row, active := make([]float32, 9), int64(0)
			r.Data.Train.Gather([]int32{i}, row, 9, nil)
			for _, x := range row {
				active += int64(x)
			}
			on += active
			pairs += active * (active - 1) / 2
		}
		advance(t, r)
	}
	layer, total, n := r.Ledger.Layers[0], r.Ledger.Total(), int64(r.Samples)
	for name, c := range map[string][2]int64{
		"parameters":           {int64(layer.Parameters), 9*8/2 + 9},
		"forward":              {layer.Forward.MACs, n * 36},
		"backward":             {layer.Backward.MACs, n * 36},
		"forward, effective":   {layer.Forward.MACsEffective, pairs},
		"backward, effective":  {layer.Backward.MACsEffective, pairs},
		"weight reads":         {layer.Forward.WeightReads, steps * 45},
		"active units":         {layer.ActiveUnits, on},
		"synapses in time":     {layer.Maintenance.SynapsePresentations, n * 45},
		"presentations learnt": {r.learnedFrom(), n},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %d, want %d", name, c[0], c[1])
		}
	}
	if total.Sampling != nil {
		t.Errorf("%+v is sampled", total.Sampling)
	}
	if notes := strings.Join(r.Notes(), "\n"); !strings.Contains(notes, "all its states") {
		t.Errorf("notes %q do not say that states are enumerated", notes)
	}
	if !r.Ledger.BinaryInput {
		t.Error("without hidden units, all inputs are 0 or 1")
	}
	if begin(t, load(t, bars)).Ledger.BinaryInput {
		t.Error("means of hidden units count as 0 or 1")
	}
	if c := newCensus(r.Model).Inference(); c.ParameterCount != 45 || c.SynapticOperations.Dense != 36 || *c.ConnectionSparsity != 0 {
		t.Errorf("census %+v of 36 pairs and 9 biases, none 0", c)
	}
}

// Evaluations have the exact log-likelihood: that of a sum over all states of the weights.
func TestLikelihoodOfAFullMachine(t *testing.T) {
	s, lines := record(t, load(t, bars, "train.epochs=300", "train.batch=14"))
	if s.Likelihood == nil || s.Likelihood.Method != "exact" || s.Parameters != barsPairs+barsUnits {
		t.Fatalf("likelihood %+v (%s), %d parameters", s.Likelihood, s.NoLikelihood, s.Parameters)
	}
	r := begin(t, load(t, bars, "train.epochs=300", "train.batch=14"))
	for range s.Steps {
		advance(t, r)
	}
	want := -math.Log(14) // no machine is better: all 14 patterns are equally likely
	if got := bruteForce(r); math.Abs(got-s.Likelihood.Test) > 1e-5 || math.Abs(got-*s.Likelihood.Train) > 1e-5 {
		t.Errorf("log-likelihood %v, on the training set %v, want %v", s.Likelihood.Test, *s.Likelihood.Train, got)
	}
	if math.Abs(*s.TestLoss+s.Likelihood.Test) > 1e-5 {
		t.Errorf("test loss %v, and the log-likelihood is %v", *s.TestLoss, s.Likelihood.Test)
	}
	if got := s.Likelihood.Test; got > want || got < want-0.5 {
		t.Errorf("log-likelihood %v after %d steps, want at most %v and nearly that", got, s.Steps, want)
	}
	if strings.Count(lines, `"pseudo_likelihood":-`) < 2 || strings.Count(lines, `"method":"exact"`) < 2 {
		t.Errorf("evaluations do not tell both likelihoods:\n%s", lines)
	}
}

// bruteForce is the mean log-likelihood of the training set by all states of a run's machine.
func bruteForce(r *Run) (mean float64) {
	layer := r.Model.Layers()[0]
	shares, z := map[int]float64{}, 0.0
	for state := range 1 << barsUnits {
		minusE := 0.0
		for i := range barsUnits {
			for j := i; j < barsUnits && state>>i&1 == 1; j++ {
				switch {
				case state>>j&1 == 0:
				case i == j:
					minusE += float64(layer.B[i])
				default:
					minusE += float64(layer.W[i*barsUnits+j])
				}
			}
		}
		shares[state&(1<<9-1)] += math.Exp(minusE)
		z += math.Exp(minusE)
	}
	n := r.Data.Train.Len()
	for k := range n {
		row, v := make([]float32, 9), 0
		r.Data.Train.Gather([]int32{int32(k)}, row, 9, nil)
		for i, x := range row {
			v |= int(x) << i
		}
		mean += math.Log(shares[v]/z) / float64(n)
	}
	return mean
}

// A run has the same bits on any number of cores.
func TestFullMachineOnAnyNumberOfCores(t *testing.T) {
	var first string
	for _, threads := range []int{1, 2, 3} {
		r := begin(t, load(t, bars, fmt.Sprintf("engine.threads=%d", threads), "model.hidden=8"))
		for range 20 {
			advance(t, r)
		}
		got := fmt.Sprint(r.Loss, arrays(r.Model))
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d threads: other bits than 1", threads)
		}
	}
}

// A step allocates nothing once buffers have grown.
func TestStepOfAFullMachineAllocatesNothing(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	r := begin(t, load(t, bars, "train.batch=7", "engine.threads=1"))
	for range 60 {
		advance(t, r)
	}
	if n := testing.AllocsPerRun(100, func() { advance(t, r) }); n >= 1 {
		t.Errorf("%v allocations per step", n)
	}
}

// What does not go with the machine is refused by the name of what is wrong.
func TestFullMachineRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"data={name: patterns, inputs: 9, examples: 20}": "units 0 and 1, and example 1 of the training set has input -1",
		"data={name: mixture, inputs: 9, train: 20}":     "model.kind",
		"model.hidden=12":         "9 inputs and 12 hidden units",
		"train.chains=10":         "train.chains",
		"train.gibbs=2":           "train.gibbs",
		"likelihood.method=ais":   "likelihood.method",
		"rule.synapse=stochastic": "rule.synapse",
		"rule.gate=lazy":          "rule.gate",
	} {
		r, err := New(load(t, bars, settings))
		if err == nil {
			r.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", settings, err, want)
		}
	}
}
