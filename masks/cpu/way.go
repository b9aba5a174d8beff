package cpu

import "ergon/masks"

// way is an update path: it updates one array of synapses in one step. All ways leave
// the same bits of weights and M0, and the same M1 up to the order of its sum. They
// differ in how much of the gradient they need.
type way interface {
	// fits reports whether the way can update the array in the step begun, after the
	// masks are drawn.
	fits(u *Updater, a *array) bool
	// prepare computes what the way needs of the gradient: nothing, a part of dW, or
	// all of it.
	prepare(u *Updater, a *array) error
	// chunk masks, computes Δw, clips, applies and counts one chunk. Calls for
	// different chunks are concurrent.
	chunk(u *Updater, a *array, c masks.Chunk, t *counters)
}

// ways lists all ways, the cheapest first. An array takes the first that fits.
var ways = []way{rankOne{}, moved{}, streamed{}, submatrixWay{}, bitmask{}, bounded{}, chunked{}}

// choose finds, for each array, the masks that restrict it in this step, and its way.
func (u *Updater) choose() {
	for n := range u.arrays {
		a := &u.arrays[n]
		a.masks = a.masks[:0]
		for _, m := range u.masks {
			if !m.KeepsAll(a.Synapses) {
				a.masks = append(a.masks, m)
			}
		}
		a.limit = limit{1, u.clip.Value[a.Layer]}
		a.patterns = a.knownPatterns()
		for _, w := range ways {
			if w.fits(u, a) {
				a.way = w
				break
			}
		}
	}
}
