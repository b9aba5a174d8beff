package freeenergy

import (
	"context"
	"math"
	"slices"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// elastic returns the theory of a small network.
func elastic(simulate int) *FreeEnergy {
	return &FreeEnergy{
		Layers: []int{4, 3, 2}, Activation: "tanh", Stiffness: []float64{1, 4}, Temperature: 0.7,
		Gain: 1, Nets: 3, Rows: "nets", Simulate: simulate,
	}
}

func TestFreeEnergyByHand(t *testing.T) {
	f := elastic(0)
	theorytest.Near(t, "⟨H⟩", f.MeanEnergy(), 5*0.7/2, 1e-15)
	want := 0.35 * (3*math.Log(1/(2*math.Pi*0.7)) + 2*math.Log(4/(2*math.Pi*0.7)))
	theorytest.Near(t, "F", f.FreeEnergy(), want, 1e-14)
}

// ∫e^{-H/kT}dx of a chain of two units, by the trapezoidal rule, which is exact to
// rounding for such functions: F is that of the theory for any weights.
func TestFreeEnergyByIntegration(t *testing.T) {
	for _, name := range []string{"tanh", "linear"} {
		f := elastic(0)
		f.Layers, f.Activation, f.Gain = []int{1, 1, 1}, name, 1.5
		for i := range 3 {
			n := f.net(i)
			state, sum := n.state(), 0.0
			const step = 0.1
			for a := -200; a <= 200; a++ {
				for b := -200; b <= 200; b++ {
					state.x[0], state.x[1] = float64(a)*step, float64(b)*step
					n.update(state)
					sum += math.Exp(-state.energy / f.Temperature)
				}
			}
			theorytest.Near(t, name+": F", -f.Temperature*math.Log(sum*step*step), f.FreeEnergy(), 1e-10)
		}
	}
}

// The slope of the energy, its stress and its change with the scale of the weights
// agree with central differences.
func TestElasticSlopes(t *testing.T) {
	const step = 1e-5
	for name := range elasticActivations {
		f := elastic(0)
		f.Activation = name
		n := f.net(0)
		at := func(change func(*elasticState)) float64 {
			s := n.state()
			for i := range s.x {
				s.x[i] = math.Sin(float64(3 * i))
			}
			change(s)
			n.update(s)
			return s.energy
		}
		here := n.state()
		for i := range here.x {
			here.x[i] = math.Sin(float64(3 * i))
		}
		n.update(here)
		for i, slope := range here.slope {
			up := at(func(s *elasticState) { s.x[i] += step })
			down := at(func(s *elasticState) { s.x[i] -= step })
			if got := (up - down) / (2 * step); math.Abs(got-slope) > 1e-8 {
				t.Errorf("%s: ∂H/∂x of unit %d is %v, differences say %v", name, i, slope, got)
			}
		}
		scale := func(by float64) {
			for _, layer := range n.layers {
				for i := range layer.weights {
					layer.weights[i] *= by
				}
			}
		}
		scaling := n.scaling(here)
		scale(1 + step)
		up := at(func(*elasticState) {})
		scale((1 - step) / (1 + step))
		down := at(func(*elasticState) {})
		if got := (up - down) / (2 * step); math.Abs(got-scaling) > 1e-8 {
			t.Errorf("%s: ∂H/∂ln(scale) is %v, differences say %v", name, scaling, got)
		}
	}
}

// Energies, free energies and strains of networks with weights of their own are
// those of the theory, which knows no weights, within 3 standard errors.
func TestFreeEnergySimulation(t *testing.T) {
	for _, c := range [][2]string{{"tanh", "nets"}, {"relu", "nets"}, {"tanh", "units"}} {
		f := elastic(6000)
		f.Activation, f.Rows = c[0], c[1]
		result := theorytest.PredictionOf(t, f)
		if worst := *result.Scalars["worst_z"]; worst > 3 {
			t.Errorf("%v: worst z of %v comparisons %.2f", c, *result.Scalars["comparisons"], worst)
		}
	}
}

// A theory whose temperature is wrong by a tenth is found out by each simulation.
func TestFreeEnergyWrongTheory(t *testing.T) {
	right, wrong := elastic(6000), elastic(6000)
	wrong.Temperature *= 1.1
	n := right.net(0)
	ctx := context.Background()
	ancestral, activities := right.ancestral(ctx, 0, n)
	free := right.importance(ctx, 0, n, proposals(activities))
	for what, z := range map[string]float64{
		"ancestral":  theory.EstimateMean(ancestral.energy).Z(wrong.MeanEnergy()),
		"langevin":   theory.EstimateMean(right.langevin(ctx, 0, n).energy).Z(wrong.MeanEnergy()),
		"importance": free.Z(wrong.FreeEnergy()),
	} {
		if z > -5 && z < 5 {
			t.Errorf("%s: a wrong theory is only %.1f standard errors off", what, z)
		}
	}
}

// Of a network so large that hardly any sample carries the integral, the free
// energy stays unknown.
func TestFreeEnergyIsUnknownRatherThanWrong(t *testing.T) {
	f := elastic(500)
	f.Layers, f.Nets = []int{4, 60}, 1
	result := theory.Table(f.rows(context.Background(), 0))
	if z := result.Rows[0][slices.Index(result.Columns, "free_energy_importance")]; !math.IsNaN(z) {
		t.Errorf("F of 60 units from 500 samples is %v, want it unknown", z)
	}
}

func TestFreeEnergyConforms(t *testing.T) {
	theorytest.Conform(t, "freeenergy", "simulate=2000", "nets=2")
}

// What cannot be computed is an error that names the setting.
func TestFreeEnergyRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"layers=[3]":               "layers: no layer after the inputs; give two numbers or more",
		"stiffness=[1,2,3]":        "stiffness: 3 numbers for 2 layers after the inputs; give one for each, or one for all",
		"simulate=100000000000000": "is outside [0,10000000]",
	} {
		theorytest.Refused(t, "freeenergy", settings, want)
	}
}
