package convolve

import (
	"math"
	"math/rand/v2"
	"testing"

	"ergon/internal/simd"
)

// levels are the kernels of this processor.
func levels() map[string]*kernels {
	all := map[string]*kernels{"portable": nil}
	for _, l := range []simd.Level{simd.AVX2, simd.AVX512} {
		if all[string(l)] = choose(l); l == simd.Active() {
			break
		}
	}
	if simd.Active() == simd.Portable {
		return map[string]*kernels{"portable": nil}
	}
	return all
}

// at runs a test with kernels.
func at(k *kernels, run func()) {
	defer func(before *kernels) { active = before }(active)
	active = k
	run()
}

// sample is a field with numbers for all three products.
type sample struct {
	Field
	image, weights, bias, z, dz, dw, dx, turned []float32
}

// newSample takes kernels of side×side on planes of height×width×depth numbers.
func newSample(random *rand.Rand, planes, height, width, depth, side, channels int) *sample {
	return newStrided(random, 1, planes, height, width, depth, side, channels)
}

// newStrided is newSample for kernels that move in steps of stride.
func newStrided(random *rand.Rand, stride, planes, height, width, depth, side, channels int) *sample {
	g := Geometry{Planes: planes, Height: height, Width: width, Depth: depth, Side: side, Stride: stride}
	s := &sample{Field: *g.Field(channels)}
	numbers := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			if random.IntN(3) > 0 {
				x[i] = float32(random.NormFloat64())
			}
		}
		return x
	}
	s.image, s.dx = numbers(planes*height*width*depth), numbers(planes*height*width*depth)
	s.weights, s.dw, s.turned = numbers(s.Inputs()*channels), numbers(s.Inputs()*channels), numbers(s.Inputs()*channels)
	s.bias, s.z, s.dz = numbers(channels), numbers(s.Positions()*channels), numbers(s.Positions()*channels)
	return s
}

// arrays are what kernels read and write.
func (s *sample) arrays() []*[]float32 {
	return []*[]float32{&s.image, &s.weights, &s.bias, &s.z, &s.dz, &s.dw, &s.dx, &s.turned}
}

// sum is a number by the definition, and the sum of the magnitudes of its terms.
type sum struct{ value, magnitude float64 }

func (s *sum) add(x ...float32) {
	product := 1.0
	for _, x := range x {
		product *= float64(x)
	}
	s.value += product
	s.magnitude += math.Abs(product)
}

// want computes all three products by their definition: what is added to z, dw and dx.
func (s *sample) want() (z, dw, dx []sum) {
	z, dw, dx = make([]sum, len(s.z)), make([]sum, len(s.dw)), make([]sum, len(s.dx))
	for i := range dw {
		dw[i].add(s.dw[i])
	}
	for i := range dx {
		dx[i].add(s.dx[i])
	}
	for position := range s.Positions() {
		for c := range s.Channels {
			unit := position*s.Channels + c
			z[unit].add(s.bias[c])
			for input := range s.Inputs() {
				pixel := position/s.Columns*s.Line + position%s.Columns*s.Depth + s.Starts[input/s.Segment] + input%s.Segment
				weight := input*s.Channels + c
				z[unit].add(s.image[pixel], s.weights[weight])
				dw[weight].add(s.image[pixel], s.dz[unit])
				dx[pixel].add(s.dz[unit], s.turned[c*s.Inputs()+input])
			}
		}
	}
	return z, dw, dx
}

func (s *sample) run() {
	s.Forward(s.z, s.image, s.weights, s.bias)
	s.WeightGradient(s.dw, s.image, s.dz)
	s.InputError(s.dx, s.dz, s.turned)
}

// check compares a run with the definition, to the rounding of so many additions.
func (s *sample) check(t *testing.T, level string) {
	t.Helper()
	z, dw, dx := s.want()
	s.run()
	for what, pair := range map[string]struct {
		got   []float32
		want  []sum
		terms int
	}{
		"z": {s.z, z, s.Inputs() + 1}, "dw": {s.dw, dw, s.Positions() + 1}, "dx": {s.dx, dx, s.Inputs()*s.Channels + 1},
	} {
		for i, w := range pair.want {
			if bound := w.magnitude * float64(pair.terms+1) * 0x1p-24; math.Abs(float64(pair.got[i])-w.value) > bound {
				t.Fatalf("%s, %+v: %s[%d] = %v, by definition %v ± %.1g", level, s.Field, what, i, pair.got[i], w.value, bound)
			}
		}
	}
}

func TestConvolutionsAreTheirDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, k := range levels() {
		at(k, func() {
			for range 150 {
				side := 1 + random.IntN(6)
				newStrided(random, 1+random.IntN(3), 1+random.IntN(3), side+random.IntN(9), side+random.IntN(30), 1+random.IntN(9), side, 1+random.IntN(40)).check(t, name)
			}
			newSample(random, 1, 28, 28, 1, 5, 8).check(t, name)
			newSample(random, 1, 12, 12, 8, 5, 16).check(t, name)
		})
	}
}

// Every kernel computes its definition: all numbers of neighbouring positions and of neighbouring
// inputs, some of which no small square has, with masks of each kind.
func TestEveryKernelIsItsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for name, k := range levels() {
		at(k, func() {
			for _, channels := range []int{1, 7, 8, 9, 15, 16, 17, 24, 25} {
				for n := 1; n <= 2*24+1; n++ {
					newSample(random, 1, 2, 2, n, 1, channels).check(t, name)
					newSample(random, 1, 2, n, 1, 1, channels).check(t, name)
				}
			}
		})
	}
}

func FuzzConvolution(f *testing.F) {
	f.Add(uint8(0), uint8(23), uint8(23), uint8(0), uint8(4), uint8(7))
	f.Add(uint8(2), uint8(7), uint8(7), uint8(7), uint8(4), uint8(15))
	f.Fuzz(func(t *testing.T, planes, rows, columns, depth, side, channels uint8) {
		width := 1 + int(side%6)
		random := rand.New(rand.NewPCG(uint64(planes)<<8|uint64(rows), uint64(columns)<<8|uint64(depth)))
		for name, k := range levels() {
			at(k, func() {
				newStrided(random, 1+int(planes%3), 1+int(planes%2), width+int(rows%4), width+int(columns%28), 1+int(depth%6), width, 1+int(channels%40)).check(t, name)
			})
		}
	})
}

func BenchmarkConvolution(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	for layer, s := range map[string]*sample{
		"first":  newSample(random, 1, 28, 28, 1, 5, 8),
		"second": newSample(random, 1, 12, 12, 8, 5, 16),
	} {
		products := float64(s.Positions() * s.Inputs() * s.Channels)
		for what, run := range map[string]func(){
			"forward":  func() { s.Forward(s.z, s.image, s.weights, s.bias) },
			"gradient": func() { s.WeightGradient(s.dw, s.image, s.dz) },
			"error":    func() { s.InputError(s.dx, s.dz, s.turned) },
		} {
			for name, k := range levels() {
				b.Run(layer+"/"+what+"/"+name, func(b *testing.B) {
					at(k, func() {
						for b.Loop() {
							run()
						}
					})
					b.ReportMetric(2*products*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}
