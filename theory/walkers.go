package theory

import "context"

// Walkers lets walkers walk at each of some places, each walker on one core, and counts them
// as progress. It returns the error of the first one that has one, in their order; of a
// context that has ended, its error.
func Walkers(ctx context.Context, places, walkers int, follow func(place, walker int) error) error {
	failed := make([]error, places*walkers)
	done := ProgressCounter(ctx, len(failed))
	err := Parallel(ctx, len(failed), func(i int) {
		defer done()
		failed[i] = follow(i%places, i/places)
	})
	if err != nil {
		return err
	}
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}
