package theory

import (
	"context"

	"ergon/internal/parallel"
)

// spread calls body(0) … body(n-1) on all cores and returns the context's error
// once it has ended, with bodies left out. What a body does must depend on its
// number alone, so that a prediction is the same on any number of cores.
func spread(ctx context.Context, n int, body func(i int)) error {
	pool := parallel.New(0)
	defer pool.Close()
	pool.Run(n, func(i int) {
		if ctx.Err() == nil {
			body(i)
		}
	})
	return ctx.Err()
}
