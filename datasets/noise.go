package datasets

import (
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// fillNormal sets x[i] = f(i, z_i) with z_i = stream.Normal(step, i), on all
// cores. f must be a pure function.
func fillNormal(x []float32, stream philox.Stream, step uint64, f func(i int, z float64) float32) {
	inParallel((len(x)+1)/2, func(from, to int) {
		var z [128]float64
		for lo, end := 2*from, min(2*to, len(x)); lo < end; lo += len(z) {
			n := min(end-lo, len(z))
			stream.NormalPairs(step, uint64(lo/2), z[:n])
			for i, number := range z[:n] {
				x[lo+i] = f(lo+i, number)
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
