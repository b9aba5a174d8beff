package engine

// Passes returns the names of the cpu engine's passes.
func Passes() (names []string) {
	for _, p := range passes() {
		names = append(names, p.String())
	}
	return names
}

// Without lets a cpu engine leave passes out, by their names.
func Without(e Engine, names ...string) Engine {
	e.(*cpuEngine).without = names
	return e
}
