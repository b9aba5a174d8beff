package unit

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Gaussian is a unit of any real x with U = x²/2: x is N(I, 1), Γ(I) = I²/2 + ½ ln 2π.
type Gaussian struct{}

var _ Fast = Gaussian{}

func init() {
	Kinds.Register("gaussian", schema.Doc{
		Summary:    "real numbers with variance 1 about the field",
		Source:     "Welling, Rosen-Zvi & Hinton 2005; Cho, Ilin & Raiko 2011",
		Definition: "The variance is not learned: data of visible units are to be scaled to it.",
	}, func() Unit { return Gaussian{} })
}

// halfLog2Pi is ln ∫ e^(-x²/2) dx.
var halfLog2Pi = math.Log(2*math.Pi) / 2

// States implements Unit.
func (Gaussian) States() int { return 1 }

// Potential implements Unit.
func (Gaussian) Potential(x []float64) float64 { return halfSquares(x) }

// LogPartition implements Unit.
func (Gaussian) LogPartition(fields []float64) float64 {
	return halfSquares(fields) + float64(len(fields))*halfLog2Pi
}

// Mean implements Unit.
func (Gaussian) Mean(mean, fields []float64) { copy(mean, fields) }

// Sample implements Unit. The argument of the inverse error function is exact.
func (Gaussian) Sample(x, fields []float64, words []uint32) {
	for i, f := range fields {
		x[i] = f + math.Sqrt2*math.Erfinv(2*uniform(words[i])-1)
	}
}

// Potential32 implements Fast.
func (Gaussian) Potential32(x []float32) float64 { return halfSquares(x) }

// LogPartition32 implements Fast.
func (Gaussian) LogPartition32(fields []float32) float64 {
	return halfSquares(fields) + float64(len(fields))*halfLog2Pi
}

// Mean32 implements Fast.
func (Gaussian) Mean32(mean, fields []float32) { copy(mean, fields) }

// Sample32 implements Fast.
func (Gaussian) Sample32(x, fields []float32, stream philox.Stream, step, first uint64) {
	var normals [128]float32
	for len(fields) > 0 {
		n := min(len(normals), len(fields))
		stream.Normals(step, first, normals[:n])
		for i, f := range fields[:n] {
			x[i] = f + normals[i]
		}
		x, fields, first = x[n:], fields[n:], first+uint64(n)
	}
}

// halfSquares returns Σ x²/2.
func halfSquares[F float32 | float64](x []F) (sum float64) {
	for _, v := range x {
		sum += float64(v) * float64(v) / 2
	}
	return sum
}
