package loss

import (
	"math"

	"ergon/graph/op"
	"ergon/internal/simd"
)

// softmax holds e^(y-top) for the rows of y. top is the largest number of a row, so that
// no exponential is infinite: softmax(y) = e^(y-top) / sum, and ln Σ e^y = top + ln sum.
type softmax struct {
	y        []float32 // [B,O]
	width    int       // O
	exps     []float64 // [B,O] e^(y-top)
	top, sum []float64 // [B] max y; Σ e^(y-top)
}

func newSoftmax(y op.Operand) *softmax {
	B, O := y.Shape[0], y.Shape[1]
	return &softmax{y.Data, O, make([]float64, B*O), make([]float64, B), make([]float64, B)}
}

// rowsOfChunk returns how many rows a chunk has: all chunks are about equal, and worth
// waking a goroutine up for.
func (s *softmax) rowsOfChunk() int {
	rows, chunks := len(s.sum), max(1, len(s.y)>>11)
	return (rows + chunks - 1) / chunks
}

// compute computes rows lo … hi-1. A row with an infinite top becomes NaN, so that a
// network that has diverged shows it.
func (s *softmax) compute(lo, hi int) {
	for b := lo; b < hi; b++ {
		y, exps := s.row(b)
		top := largest(y)
		s.top[b] = top
		for o, v := range y {
			exps[o] = float64(v) - top
		}
	}
	simd.Exp(s.exps[lo*s.width : hi*s.width])
	for b := lo; b < hi; b++ {
		_, exps := s.row(b)
		sum := 0.0
		for _, e := range exps {
			sum += e
		}
		s.sum[b] = sum
	}
}

// row returns the outputs of presentation b and their exponentials.
func (s *softmax) row(b int) (y []float32, exps []float64) {
	lo, hi := b*s.width, (b+1)*s.width
	return s.y[lo:hi], s.exps[lo:hi]
}

// logSum returns ln Σ e^y of presentation b.
func (s *softmax) logSum(b int) float64 { return s.top[b] + math.Log(s.sum[b]) }

// largest returns the largest of y, NaN if that is infinite. It compares the numbers as
// integers of the same order, which takes no branch; a NaN with a sign counts as least.
func largest(y []float32) float64 {
	top := int32(math.MinInt32)
	for _, v := range y {
		top = max(top, ascending(int32(math.Float32bits(v))))
	}
	v := math.Float32frombits(uint32(ascending(top)))
	return float64(v + 0*v) // 0·∞ is NaN
}

// ascending maps the bits of a float32 to an integer of the same order, and back.
func ascending(bits int32) int32 { return bits ^ bits>>31&math.MaxInt32 }
