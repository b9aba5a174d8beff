package sparse

import "ergon/internal/parallel"

// compiled is a product that goes one way, which pays up to a share of A that is multiplied.
type compiled struct {
	run   func()
	group int
	limit float64
}

// Compile returns a function that computes the product and returns true, or returns false if
// the dense product is faster. Which way it goes is decided in each run, by a sample of A
// alone. It allocates nothing, and cuts the work by the shape alone.
func (p Product) Compile(pool *parallel.Pool) func() bool {
	var all []compiled
	for _, w := range active.of(p) {
		if limit := w.limit(p); limit > 0 {
			all = append(all, compiled{p.compile(w, pool), w.group, limit})
		}
	}
	return func() bool {
		run := p.fastest(all)
		if run != nil {
			run()
		}
		return run != nil
	}
}

// fastest returns what computes the product in the least time, nil if that is the dense
// product.
func (p Product) fastest(all []compiled) (run func()) {
	least := 1.0 // of the dense product's time
	for _, c := range all {
		if time := p.share(c.group) / c.limit; time < least {
			run, least = c.run, time
		}
	}
	return run
}
