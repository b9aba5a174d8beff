package cpu

import "ergon/masks"

// way learns one array of synapses in one step. All ways leave the same bits of
// weights and M0, and M1 but for the order of its sum; they differ in how little
// of the gradient they need.
type way interface {
	// fits says whether the array can be learned so in the step begun, whose masks are drawn.
	fits(u *Updater, a *array) bool
	// prepare computes what is learned from: nothing, a part of dW, or all of it.
	prepare(u *Updater, a *array) error
	// chunk masks, proposes, clips, applies and counts a chunk. Chunks are learned
	// at the same time.
	chunk(u *Updater, a *array, c masks.Chunk, t *counters)
}

// ways are all there are, the cheapest first: the first that fits is taken.
var ways = []way{rankOne{}, streamed{}, submatrixWay{}, bitmask{}, bounded{}, chunked{}}

// choose takes, for each array, the masks that do not leave it alone in this step, and a way.
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
