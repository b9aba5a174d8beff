package simd

import (
	"math"
	"sync"

	"ergon/internal/cubic"
)

// Quantiles writes to dst, for each word w, the x below which N(0, 1) falls with probability
// (w+½)/2³², to within 2·10⁻⁷; words are at least as many.
func Quantiles(dst []float32, words []uint32) {
	words = words[:len(dst)]
	table := quantiles()
	done := quantilesVectors(dst, words, table)
	for i, w := range words[done:] {
		dst[done+i] = table.at(w)
	}
}

// Quantile is Quantiles of one word.
func Quantile(w uint32) float32 { return quantiles().at(w) }

// Each factor of two in the probability of the tail, from 2^-33 to 2^-1, is cut
// into pieces of equal width, in each of which a cubic goes through the
// quantile at four Chebyshev points: off by less than 10^-7.
const (
	octaves     = 32
	pieceBits   = 5
	residueBits = exponentShift - pieceBits
)

// quantileTable holds a cubic for each piece, in the place within the piece, 0 … 1.
type quantileTable [octaves << pieceBits]cubic.Cubic

// at returns the quantile of a word.
func (q *quantileTable) at(w uint32) float32 {
	sign := uint32(int32(w) >> 31) // all ones in the upper half, whose tail is above x
	tail := math.Float64bits(float64(w^sign) + 0.5)
	const half = 1022 << pieceBits // exponent and piece of ½, the least
	c := &q[(tail>>residueBits-half)%uint64(len(q))]
	u := math.Float64frombits(1023<<exponentShift|tail<<pieceBits&(1<<exponentShift-1)) - 1
	x := float32(c.At(u))
	return math.Float32frombits(math.Float32bits(x) ^ sign&(1<<31))
}

// quantiles computes the table once.
var quantiles = sync.OnceValue(func() *quantileTable {
	q := new(quantileTable)
	for piece := range q {
		octave, place := piece>>pieceBits, piece&(1<<pieceBits-1)
		q[piece] = cubic.Through(func(u float64) float64 {
			tail := math.Ldexp(1+(float64(place)+u)/(1<<pieceBits), octave-33)
			return -math.Sqrt2 * math.Erfcinv(2*tail)
		})
	}
	return q
})
