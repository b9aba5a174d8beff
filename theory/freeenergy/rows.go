package freeenergy

import (
	"context"

	"ergon/theory"
)

// rows returns the rows of network number i, simulated if the settings ask for it.
func (f *FreeEnergy) rows(ctx context.Context, i int) [][]theory.Quantity {
	if f.Simulate == 0 {
		return f.netRows(i, nil, nil, nil)
	}
	net := f.net(i)
	ancestral, activities := f.ancestral(ctx, i, net)
	moving := f.langevin(ctx, i, net)
	var free []theory.Simulation
	if f.Rows == "nets" && ctx.Err() == nil {
		free = []theory.Simulation{{Method: "importance", Estimate: f.importance(ctx, i, net, proposals(activities))}}
	}
	return f.netRows(i, ancestral, moving, free)
}

// netRows returns the rows of network number i, without simulations if the samples are
// nil.
func (f *FreeEnergy) netRows(i int, ancestral, moving *elasticSamples, free []theory.Simulation) [][]theory.Quantity {
	both := func(of func(*elasticSamples) []float64) []theory.Simulation {
		if ancestral == nil {
			return nil
		}
		return []theory.Simulation{
			{Method: "ancestral", Estimate: theory.EstimateMean(of(ancestral))},
			{Method: "langevin", Estimate: theory.EstimateMean(of(moving))},
		}
	}
	if f.Rows == "units" {
		return f.unitRows(i, both)
	}
	return [][]theory.Quantity{{
		theory.Value("net", float64(i)),
		{Name: "energy", Predicted: f.MeanEnergy(), Simulations: both(func(s *elasticSamples) []float64 { return s.energy })},
		{Name: "scaling", Predicted: 0, Simulations: both(func(s *elasticSamples) []float64 { return s.scaling })},
		{Name: "free_energy", Predicted: f.FreeEnergy(), Simulations: free},
	}}
}

// unitRows has one row for each unit: its squared strain, kT/κ.
func (f *FreeEnergy) unitRows(i int, both func(func(*elasticSamples) []float64) []theory.Simulation) [][]theory.Quantity {
	var rows [][]theory.Quantity
	for u, kappa := range f.stiffness() {
		rows = append(rows, []theory.Quantity{
			theory.Value("net", float64(i)),
			theory.Value("unit", float64(u)),
			theory.Value("stiffness", kappa),
			{Name: "noise", Predicted: f.Temperature / kappa, Simulations: both(func(s *elasticSamples) []float64 { return s.noise[u] })},
		})
	}
	return rows
}
