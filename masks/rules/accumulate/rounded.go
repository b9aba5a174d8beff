package accumulate

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/simd"
	"ergon/masks"
)

// roundedFactors form gradients from factors x and δ that are rounded, presentation by
// presentation, to ⌊levels/2⌋ magnitudes up to their largest; up or down at random, so that the
// mean is kept.
type roundedFactors struct {
	levels  int // 0: gradients stay as they are
	arrays  []*masks.Synapses
	inputs  []int              // In of the layer of each array
	streams [][2]philox.Stream // of x and of δ, of each array
	scratch struct {
		gradients [][]float32 // of each array
		x, delta  []float32
		words     []uint32
	}
}

func newRoundedFactors(levels int, all []*masks.Synapses) roundedFactors {
	f := roundedFactors{levels: levels, arrays: all}
	if levels > 0 {
		f.inputs = inputsOf(all)
		for _, s := range all {
			f.scratch.gradients = append(f.scratch.gradients, make([]float32, s.In*s.Out))
		}
		f.Seed(0)
	}
	return f
}

// Seed implements Seeded.
func (f *roundedFactors) Seed(seed uint64) {
	if f.levels == 0 {
		return
	}
	f.streams = f.streams[:0]
	for _, s := range f.arrays {
		name := "cache/" + s.Name()
		f.streams = append(f.streams, [2]philox.Stream{philox.New(seed, name+"/activity"), philox.New(seed, name+"/error")})
	}
}

// FormsGradients implements GradientFormer.
func (f *roundedFactors) FormsGradients() bool { return f.levels > 0 }

// FormGradients implements GradientFormer. Biases see the rounded errors of their layer's weights.
func (f *roundedFactors) FormGradients(step *masks.Step) error {
	for a, s := range f.arrays {
		x, delta, err := factorsOf(step, s, f.inputs[a])
		if err != nil {
			return err
		}
		g := f.scratch.gradients[a]
		clear(g)
		if s.Bias {
			for lo := 0; lo < len(delta); lo += s.Out {
				simd.AddScaled(g, f.scratch.delta[lo:], 1)
			}
		} else {
			f.scratch.x = f.round(f.scratch.x, x, s.In, f.streams[a][0], step.Number)
			f.scratch.delta = f.round(f.scratch.delta, delta, s.Out, f.streams[a][1], step.Number)
			addProducts(g, f.scratch.x, f.scratch.delta, s.In, s.Out)
		}
		s.Gradient, s.Source = g, nil
	}
	return nil
}

// round returns rows of numbers rounded, in the storage of to if it suffices.
func (f *roundedFactors) round(to, numbers []float32, width int, stream philox.Stream, step uint64) []float32 {
	if cap(to) < len(numbers) {
		to = make([]float32, len(numbers))
	}
	if cap(f.scratch.words) < len(numbers) {
		f.scratch.words = make([]uint32, len(numbers))
	}
	to, words := to[:len(numbers)], f.scratch.words[:len(numbers)]
	stream.Words(step, 0, words)
	for lo := 0; lo < len(numbers); lo += width {
		roundRow(to[lo:lo+width], numbers[lo:lo+width], words[lo:lo+width], f.levels/2)
	}
	return to
}

// roundRow rounds the numbers of a presentation to multiples of their largest magnitude over
// most: x to q⌊x/q + u⌋, u uniform in [0,1).
func roundRow(to, numbers []float32, words []uint32, most int) {
	q, n := 0.0, float64(most)
	for _, x := range numbers {
		q = max(q, math.Abs(float64(x))/n)
	}
	for i, x := range numbers {
		if to[i] = x; x != 0 {
			multiple := math.Floor(float64(x)/q + float64(words[i])*0x1p-32)
			to[i] = float32(q * min(max(multiple, -n), n))
		}
	}
}

// addProducts adds the outer products x ⊗ δ of all rows to g [in,out].
func addProducts(g, x, delta []float32, in, out int) {
	for b := range len(delta) / out {
		errors := delta[b*out : (b+1)*out]
		for i, factor := range x[b*in : (b+1)*in] {
			if factor != 0 {
				simd.AddScaled(g[i*out:(i+1)*out], errors, factor)
			}
		}
	}
}
