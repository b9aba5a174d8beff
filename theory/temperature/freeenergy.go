package temperature

// FreeEnergy returns F = U - T·S of each state.
func FreeEnergy(states []State, temperature float64) []float64 {
	f := make([]float64, len(states))
	for i, s := range states {
		f[i] = s.Energy - temperature*s.Entropy
	}
	return f
}

// Minimum returns the number of the state of least free energy, the first of several, and -1 of
// none.
func Minimum(states []State, temperature float64) int {
	least := -1
	f := FreeEnergy(states, temperature)
	for i, value := range f {
		if least < 0 || value < f[least] {
			least = i
		}
	}
	return least
}

// Valley says whether the free energy falls from state to state up to its minimum and rises
// after it, so that the minimum is the only one: the form that F has at every temperature where U is a
// convex function of S.
func Valley(states []State, temperature float64) bool {
	f, least := FreeEnergy(states, temperature), Minimum(states, temperature)
	for i := 1; i < len(f); i++ {
		if (i <= least) != (f[i] < f[i-1]) {
			return false
		}
	}
	return len(f) > 0
}
