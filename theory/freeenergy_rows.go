package theory

import "context"

// rows simulates network number i, if anything is to be simulated, and returns
// its rows.
func (f *FreeEnergy) rows(ctx context.Context, i int) [][]quantity {
	if f.Simulate == 0 {
		return f.layOut(i, nil, nil, nil)
	}
	net := f.net(i)
	ancestral, activities := f.ancestral(ctx, i, net)
	moving := f.langevin(ctx, i, net)
	var free []simulation
	if f.Rows == "nets" && ctx.Err() == nil {
		free = []simulation{{"importance", f.importance(ctx, i, net, proposals(activities))}}
	}
	return f.layOut(i, ancestral, moving, free)
}

// layOut returns the rows of network number i, without simulations where the
// samples are nil.
func (f *FreeEnergy) layOut(i int, ancestral, moving *elasticSamples, free []simulation) [][]quantity {
	both := func(of func(*elasticSamples) []float64) []simulation {
		if ancestral == nil {
			return nil
		}
		return []simulation{{"ancestral", meanOf(of(ancestral))}, {"langevin", meanOf(of(moving))}}
	}
	if f.Rows == "units" {
		return f.unitRows(i, both)
	}
	return [][]quantity{{
		given("net", float64(i)),
		{"energy", f.MeanEnergy(), both(func(s *elasticSamples) []float64 { return s.energy })},
		{"scaling", 0, both(func(s *elasticSamples) []float64 { return s.scaling })},
		{"free_energy", f.FreeEnergy(), free},
	}}
}

// unitRows has one row for each unit: its squared strain, kT/κ.
func (f *FreeEnergy) unitRows(i int, both func(func(*elasticSamples) []float64) []simulation) [][]quantity {
	var rows [][]quantity
	for u, kappa := range f.stiffness() {
		rows = append(rows, []quantity{
			given("net", float64(i)),
			given("unit", float64(u)),
			given("stiffness", kappa),
			{"noise", f.Temperature / kappa, both(func(s *elasticSamples) []float64 { return s.noise[u] })},
		})
	}
	return rows
}
