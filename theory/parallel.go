package theory

import (
	"context"

	"ergon/internal/parallel"
)

// Parallel calls body(0) … body(n-1) on all cores. Once the context has ended it calls no
// more of them and returns the context's error. What a body does must depend on i
// alone, so that a prediction is the same on any number of cores.
func Parallel(ctx context.Context, n int, body func(i int)) error {
	pool := parallel.New(0)
	defer pool.Close()
	pool.Run(n, func(i int) {
		if ctx.Err() == nil {
			body(i)
		}
	})
	return ctx.Err()
}
