package loss

import (
	"math"

	"ergon/graph/op"
	"ergon/internal/simd"
)

// softmax holds e^(y-top) for the rows of y, with top the largest of a row, so that
// none is infinite. softmax(y) is that over its sum, ln Σ e^y is top + ln sum.
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

// rowsOfPart returns how many rows make a part: all parts are about equal, and worth
// a goroutine's wake-up.
func (s *softmax) rowsOfPart() int {
	rows, parts := len(s.sum), max(1, len(s.y)>>11)
	return (rows + parts - 1) / parts
}

// compute fills in rows lo … hi-1. Those with an infinite top get NaN: logits
// without a scale, that the divergence shows.
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

// largest returns the largest of y, NaN where that is infinite. It compares integers
// that ascend as the numbers do, which takes no branch; NaN with a sign is least.
func largest(y []float32) float64 {
	top := int32(math.MinInt32)
	for _, v := range y {
		top = max(top, ascending(int32(math.Float32bits(v))))
	}
	v := math.Float32frombits(uint32(ascending(top)))
	return float64(v + 0*v) // 0·∞ is NaN
}

// ascending turns the bits of a float32 so that they ascend with it, and back.
func ascending(bits int32) int32 { return bits ^ bits>>31&math.MaxInt32 }
