package masks

import (
	"math"
	"math/bits"
	"slices"
)

// outer finds the largest entries of an outer product without writing it out.
//
// The gradient of a single presentation is x ⊗ δ, input by error. Rounding is
// monotone, so |x_i δ_j| descends along rows and columns once both factors are
// sorted: how many entries are not below a threshold can be counted by one walk
// along the border, and the k-th largest found by a search over thresholds. The
// cost is that of sorting the factors, not the matrix.
type outer struct {
	rows, columns []factor // non-zero entries of |x| and |δ|, descending
	sorting       []factor // scratch
	height, width int      // of the product; the last row is the biases', if there are any
	kept          []int32  // columns kept of each row, row after row
	first, count  []int32  // where a row's are, by row
	chosen        []uint64 // columns in the set, one bit each
}

// factor is one entry of x or δ: the key of its magnitude above its number.
type factor uint64

func newFactor(x float32, i int) factor { return factor(key(x))<<32 | factor(i) }

func (f factor) size() float32 { return math.Float32frombits(uint32(f >> 32)) }

func (f factor) number() int { return int(uint32(f)) }

// load takes the factors x [rows] and δ [columns], restricted to the grid's
// rows and columns, with a row more of size 1 for biases if there are any.
func (o *outer) load(x, delta []float32, g grid, bias bool) {
	o.rows, o.columns = o.rows[:0], o.columns[:0]
	o.height, o.width = len(x), len(delta)
	o.rows = appendFactors(o.rows, x, g.pre)
	if bias {
		o.rows = append(o.rows, newFactor(1, o.height))
		o.height++
	}
	o.columns = appendFactors(o.columns, delta, g.post)
	o.sorting = descend(o.rows, o.sorting)
	o.sorting = descend(o.columns, o.sorting)
}

// appendFactors appends the non-zero entries of x among those in only; nil is all.
func appendFactors(to []factor, x []float32, only []int32) []factor {
	if only == nil {
		for i, v := range x {
			if v != 0 {
				to = append(to, newFactor(v, i))
			}
		}
		return to
	}
	for _, i := range only {
		if v := x[i]; v != 0 {
			to = append(to, newFactor(v, int(i)))
		}
	}
	return to
}

// entries returns how many entries of the product may be other than zero.
func (o *outer) entries() int { return len(o.rows) * len(o.columns) }

// atLeast returns how many entries are at least threshold.
func (o *outer) atLeast(threshold float32) (n int) {
	c := len(o.columns)
	for _, r := range o.rows {
		x := r.size()
		for c > 0 && x*o.columns[c-1].size() < threshold {
			c--
		}
		if c == 0 {
			break
		}
		n += c
	}
	return n
}

// kthLargestOf returns a threshold that exactly the k largest entries of the
// products of some layers reach, or, where others equal the k-th, those as
// well; 0 where there are no more than k that are not zero. It searches between
// a threshold that k entries reach and one that fewer do, alternating a guess,
// for which the logarithm of the count is taken as linear in that of the
// threshold, with halving, which bounds the number of turns.
func kthLargestOf(products []*outer, layers []int, k int) float32 {
	low, high, entries := uint32(0), uint32(0), 0
	for _, l := range layers {
		if o := products[l]; o.entries() > 0 {
			entries += o.entries()
			high = max(high, key(o.rows[0].size()*o.columns[0].size())+1)
		}
	}
	if entries <= k {
		return 0
	}
	atLow, atHigh := float64(entries), 0.5
	target := math.Log(float64(k) + 0.5)
	for turn := 0; high-low > 1; turn++ {
		middle := low + (high-low)/2
		switch {
		case low == 0:
			middle = high - min(high-1, octave<<min(turn, 7))
		case turn%3 != 2:
			share := (target - math.Log(atLow)) / (math.Log(atHigh) - math.Log(atLow))
			middle = min(max(low+uint32(share*float64(high-low)), low+1), high-1)
		}
		n := 0
		for _, l := range layers {
			n += products[l].atLeast(math.Float32frombits(middle))
		}
		switch {
		case n == k:
			return math.Float32frombits(middle)
		case n > k:
			low, atLow = middle, float64(n)
		default:
			high, atHigh = middle, max(float64(n), 0.5)
		}
	}
	return math.Float32frombits(low)
}

// octave is the distance of the keys of x and 2x.
const octave = uint32(1) << 23

// keep notes the entries that are at least threshold, for selectFrom.
func (o *outer) keep(threshold float32) {
	o.first, o.count = zeroed(o.first, o.height), zeroed(o.count, o.height)
	o.chosen = zeroed(o.chosen, (o.width+63)/64)
	o.kept = o.kept[:0]
	c := 0
	for _, r := range slices.Backward(o.rows) { // ascending: the set of columns grows
		x := r.size()
		for c < len(o.columns) && x*o.columns[c].size() >= threshold {
			j := o.columns[c].number()
			o.chosen[j/64] |= 1 << (j % 64)
			c++
		}
		if c == 0 {
			continue
		}
		o.first[r.number()], o.count[r.number()] = int32(len(o.kept)), int32(c)
		for w, word := range o.chosen {
			for ; word != 0; word &= word - 1 {
				o.kept = append(o.kept, int32(64*w+bits.TrailingZeros64(word)))
			}
		}
	}
}

// selectFrom appends the synapses of [lo,hi) of an array whose entries are kept.
func (o *outer) selectFrom(s *Synapses, lo, hi int, kept []int32) []int32 {
	for row := lo / s.Out; row*s.Out < hi; row++ {
		start, r := row*s.Out, row
		if s.Bias {
			r = o.height - 1
		}
		for _, j := range o.kept[o.first[r] : o.first[r]+o.count[r]] {
			if i := start + int(j); i >= lo && i < hi {
				kept = append(kept, int32(i))
			}
		}
	}
	return kept
}

// descend sorts factors, largest first, with scratch space that it returns: by
// bytes of the magnitude, from the last, each pass keeping the order of the one before.
func descend(all, scratch []factor) []factor {
	if len(all) < 64 {
		slices.SortFunc(all, func(a, b factor) int {
			if a > b {
				return -1
			}
			return 1
		})
		return scratch
	}
	if cap(scratch) < len(all) {
		scratch = make([]factor, len(all))
	}
	from, to := all, scratch[:len(all)]
	for shift := 32; shift < 64; shift += 8 {
		var places [256]int32
		for _, f := range from {
			places[^uint8(f>>shift)]++
		}
		place := int32(0)
		for b, n := range places {
			places[b] = place
			place += n
		}
		for _, f := range from {
			b := ^uint8(f >> shift)
			to[places[b]] = f
			places[b]++
		}
		from, to = to, from
	}
	return scratch // four passes: the result is in all again
}

// zeroed returns n zeros, in s's own storage where it suffices.
func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
