package unit

import "ergon/internal/philox"

// LogPartition32 is a stand-in.
func LogPartition32(u Unit, fields []float32) float64 { return u.LogPartition(widen(fields)) }

// Mean32 is a stand-in.
func Mean32(u Unit, mean, fields []float32) {
	wide := widen(fields)
	u.Mean(wide, wide)
	for i, x := range wide {
		mean[i] = float32(x)
	}
}

// Sample32 is a stand-in.
func Sample32(u Unit, x, fields []float32, stream philox.Stream, step, first uint64) {
	wide, words := widen(fields), make([]uint32, len(fields))
	for i := range words {
		words[i] = stream.Uint32(step, first+uint64(i))
	}
	u.Sample(wide, wide, words)
	for i, v := range wide {
		x[i] = float32(v)
	}
}

func widen(x []float32) []float64 {
	wide := make([]float64, len(x))
	for i, v := range x {
		wide[i] = float64(v)
	}
	return wide
}
