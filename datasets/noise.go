package datasets

import (
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// fillNormal sets x[i] = f(i, z_i) with z_i = stream.Normal(step, i), on all
// cores. f must be a pure function.
func fillNormal(x []float32, stream philox.Stream, step uint64, f func(i int, z float64) float32) {
	inParallel((len(x)+1)/2, func(from, to int) {
		for pair := from; pair < to; pair++ {
			z0, z1 := stream.NormalPair(step, uint64(pair))
			x[2*pair] = f(2*pair, z0)
			if 2*pair+1 < len(x) {
				x[2*pair+1] = f(2*pair+1, z1)
			}
		}
	})
}

// inParallel calls body on consecutive pieces of 0 … n-1 on all cores. The
// pieces depend on n alone.
func inParallel(n int, body func(from, to int)) {
	pieces := min(n, 64)
	pool := parallel.New(0)
	defer pool.Close()
	pool.Run(pieces, func(p int) { body(p*n/pieces, (p+1)*n/pieces) })
}
