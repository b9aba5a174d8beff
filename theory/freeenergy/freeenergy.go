// Package freeenergy is the theory called freeenergy: the equilibrium of a network at a
// finite temperature.
package freeenergy

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// FreeEnergy is the equilibrium of a network that computes by minimising
//
//	H = Σ_i κ_i/2·[x_i - f(Σ_j w_ij x_j + b_i)]²
//
// over its units i after the inputs. The strains x_i - f(…) are a change of
// variables whose Jacobian is 1, a unit being driven by earlier ones only. Hence,
// exactly and for any f, weights, biases and inputs,
//
//	⟨(x_i - f)²⟩ = kT/κ_i,   ⟨H⟩ = ν·kT/2,   F = kT/2·Σ_i ln(κ_i/(2πkT)):
//
// inference has no equilibrium cost that could depend on what was learned. The
// simulations are of networks with random weights. Ancestral sampling uses that strains
// are independent; Langevin dynamics of x uses only H; importance sampling from
// Gaussians measures ∫e^{-H/kT}.
type FreeEnergy struct {
	Layers      []int     `key:"layers" doc:"units per layer, inputs first" in:"[1,1000]"`
	Activation  string    `key:"activation" doc:"f" oneof:"tanh|relu|linear"`
	Stiffness   []float64 `key:"stiffness" doc:"κ of each layer after the inputs, energy per squared activity; one number: of all" in:"(0,inf)"`
	Temperature float64   `key:"temperature" doc:"kT, in units of energy" in:"(0,inf)"`
	Gain        float64   `key:"gain" doc:"deviation of a weight times the root of a unit's inputs; biases and inputs deviate by 1" in:"[0,inf)"`
	Nets        int       `key:"nets" doc:"networks with weights, biases and inputs of their own" in:"[1,1000]"`
	Rows        string    `key:"rows" doc:"nets: energies of each network; units: the strain of each unit" oneof:"nets|units"`
	Simulate    int       `key:"simulate" doc:"samples of each network; 0: prediction alone" in:"[0,10000000]"`
	Seed        uint64    `key:"seed" doc:"of weights and samples"`
}

var _ theory.Theory = (*FreeEnergy)(nil)

func init() {
	theory.Theories.Register("freeenergy", schema.Doc{
		Summary: "energy, noise and free energy of a network at a finite temperature",
		Source:  "Tkachenko 2025, arXiv 2503.09980, Eq. 6",
	}, func() theory.Theory {
		return &FreeEnergy{
			Layers: []int{4, 3, 2}, Activation: "tanh", Stiffness: []float64{1, 4}, Temperature: 1,
			Gain: 1, Nets: 4, Rows: "nets", Simulate: 20_000,
		}
	})
}

// Validate asks for a layer after the inputs, and for its stiffness.
func (f *FreeEnergy) Validate() error {
	switch layers := len(f.Layers) - 1; {
	case layers < 1:
		return schema.Fieldf("layers", "no layer after the inputs; give two numbers or more")
	case len(f.Stiffness) != 1 && len(f.Stiffness) != layers:
		return schema.Fieldf("stiffness", "%d numbers for %d layers after the inputs; give one for each, or one for all", len(f.Stiffness), layers)
	}
	return nil
}

// Predict implements Theory.
func (f *FreeEnergy) Predict(ctx context.Context) (*theory.Result, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	rows := make([][][]theory.Quantity, f.Nets)
	err := theory.Parallel(ctx, f.Nets, func(net int) { rows[net] = f.rows(ctx, net) })
	if err != nil {
		return nil, err
	}
	var all [][]theory.Quantity
	for _, net := range rows {
		all = append(all, net...)
	}
	result := theory.Table(all)
	result.Scalars["units"] = theory.Known(float64(len(f.stiffness())))
	result.Scalars["mean_energy"] = theory.Known(f.MeanEnergy())
	result.Scalars["free_energy"] = theory.Known(f.FreeEnergy())
	result.Notes = f.notes()
	return result, nil
}

// MeanEnergy returns ⟨H⟩ = ν·kT/2 of ν units after the inputs.
func (f *FreeEnergy) MeanEnergy() float64 {
	return float64(len(f.stiffness())) * f.Temperature / 2
}

// FreeEnergy returns F = kT/2·Σ ln(κ_i/(2πkT)), in which activities have no unit.
func (f *FreeEnergy) FreeEnergy() float64 {
	sum := 0.0
	for _, kappa := range f.stiffness() {
		sum += math.Log(kappa / (2 * math.Pi * f.Temperature))
	}
	return f.Temperature / 2 * sum
}

// stiffness returns κ of each unit after the inputs, layer by layer.
func (f *FreeEnergy) stiffness() []float64 {
	var kappa []float64
	for l, units := range f.Layers[1:] {
		for range units {
			kappa = append(kappa, f.Stiffness[l%len(f.Stiffness)])
		}
	}
	return kappa
}

// notes says what the columns are.
func (f *FreeEnergy) notes() []string {
	if f.Simulate == 0 {
		return []string{"energies in the unit in which kT is given; the same for any weights, biases and inputs"}
	}
	return []string{
		"energies in the unit in which kT is given; scaling is dF/d ln(scale of all weights)",
		"ancestral: independent samples; langevin: 64 walkers from x = 0; importance: ∫e^(-H/kT), left empty where fewer than 100 samples carry it",
	}
}
