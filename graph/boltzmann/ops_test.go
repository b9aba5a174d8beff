package boltzmann

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/engine"
	"ergon/graph/op"
	"ergon/graph/op/optest"
	"ergon/internal/philox"
)

// Loops compute the definitions, on any number of cores.
func TestLoopsComputeTheDefinitions(t *testing.T) {
	const R, V, H = 210, 130, 70 // more than one chunk of rows
	matrix := func(rows, columns int) tensor.Shape { return tensor.Shape{rows, columns} }
	b := unit.Bernoulli{}
	optest.Chunks(t, stack{3}, matrix(R, V), matrix(9, V), matrix(1, V))
	optest.Chunks(t, means{b}, matrix(R, V))
	optest.Chunks(t, &freeEnergy{visible: b, hidden: b, rows: R - 1}, matrix(R, V), matrix(R, H), matrix(R, H), tensor.Shape{V})
	optest.Chunks(t, &freeEnergy{visible: unit.Gaussian{}, hidden: b, rows: R}, matrix(R, V), matrix(R, H), matrix(R, H), tensor.Shape{V})
	optest.Chunks(t, contrast{presentations: 100}, tensor.Shape{R})
	optest.Chunks(t, contrast{presentations: 100, exact: true}, tensor.Shape{R})
	optest.Chunks(t, contrastGradient{presentations: 100}, tensor.Shape{R}, tensor.ScalarShape())
	optest.Chunks(t, contrastGradient{presentations: 100, exact: true}, tensor.Shape{R}, tensor.ScalarShape())
	optest.Chunks(t, weighted{}, tensor.Shape{R - 1}, matrix(R, V))
	optest.Chunks(t, centredErrors{}, tensor.Shape{R - 1}, matrix(R, H), matrix(1, H))
	optest.Chunks(t, hiddenBiasGradient{}, matrix(R, H), matrix(R, H), matrix(R, V), matrix(1, V))
	optest.Chunks(t, visibleBiasGradient{}, matrix(R, V), tensor.Shape{R - 1})
	optest.Chunks(t, centredVisibleGradient{}, matrix(R, V), tensor.Shape{R - 1}, matrix(R, H), matrix(1, H))
	draws := &graph.Draws{Visible: philox.New(1, "v"), Hidden: philox.New(1, "h"), Step: 7}
	optest.Chunks(t, &sample{b, draws, true}, matrix(R, V))
	optest.Chunks(t, &sample{b, draws, false}, matrix(R, V))
}

// Sweeps leave the distribution of the machine as it is: visited states of a small machine are
// distributed as enumeration says, by χ² of chains that are far apart.
func TestSweepsSampleTheMachine(t *testing.T) {
	const chains, burn, sweeps = 500, 30, 20
	s := specs()["pcd, centred true"]
	m, _, _ := built(t, s)
	states := States(testInputs)
	weight := boltzmannWeights(m, states)
	e, err := engine.Spec{Device: "cpu", BLAS: "auto", Threads: 2}.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v := make([]float32, chains*testInputs)
	draws := &graph.Draws{Visible: philox.New(5, "gibbs/visible"), Hidden: philox.New(5, "gibbs/hidden")}
	m.DrawUniform(v, philox.New(5, "start"), 0)
	sweep, err := graph.CompileSweep(m, e, v, draws, graph.MeasuredBoth)
	if err != nil {
		t.Fatal(err)
	}
	visits := make([]float64, len(states)/testInputs)
	for k := range burn + sweeps*10 {
		draws.Step = uint64(k)
		if err := sweep.Run(); err != nil {
			t.Fatal(err)
		}
		sweep.Advance()
		if k < burn || k%10 != 0 {
			continue
		}
		for c := range chains {
			state := 0
			for i, x := range v[c*testInputs : (c+1)*testInputs] {
				state |= int(x) << i
			}
			visits[state]++
		}
	}
	chi2, bins, n := 0.0, 0.0, float64(chains*sweeps)
	for state, seen := range visits {
		if expected := n * weight(state); expected >= 5 {
			chi2 += (seen - expected) * (seen - expected) / expected
			bins++
		}
	}
	if d := (chi2 - bins) / math.Sqrt(2*bins); bins < 50 || math.Abs(d) > 4 {
		t.Errorf("χ² = %.1f of %.0f states, %.1f standard deviations off", chi2, bins, d)
	}
	machine := m.Machine()
	for c, f := range op.Float32s(sweep.After.Value()) {
		if want := machine.FreeEnergy(v[c*testInputs : (c+1)*testInputs]); math.Abs(float64(f)-want) > 1e-5 {
			t.Fatalf("free energy of chain %d is %v, want %v", c, f, want)
		}
	}
}
