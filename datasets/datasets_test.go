package datasets

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/internal/simd"
)

func byteSet(n, inputs, classes int) *Set {
	pixels, labels := make([]byte, n*inputs), make([]uint8, n)
	for i := range pixels {
		pixels[i] = byte(i * 37 >> 2)
	}
	for i := range labels {
		labels[i] = uint8(i * 7 % classes)
	}
	prepare, _ := transforms["unit"].after(pixels, inputs, 0, nil)
	rows := prepare("train", pixels)
	return &Set{n: n, inputs: inputs, outputs: classes, rows: rows, labels: labels}
}

func floatSet(n, inputs, outputs int) *Set {
	x, y := make([]float32, n*inputs), make([]float32, n*outputs)
	for i := range x {
		x[i] = float32(i) + 0.5
	}
	for i := range y {
		y[i] = -float32(i)
	}
	return &Set{n: n, inputs: inputs, outputs: outputs, rows: &floatRows{x, inputs}, targets: y}
}

func TestGatherLeavesOtherColumnsAlone(t *testing.T) {
	const n, inputs, outputs = 9, 19, 3 // two pieces of eight and a rest
	idx := []int32{8, 0, 3, 3}
	for name, s := range map[string]*Set{"bytes": byteSet(n, inputs, outputs), "floats": floatSet(n, inputs, outputs)} {
		for _, stride := range []int{inputs, inputs + 1, inputs + 4} {
			x, y := slices.Repeat([]float32{-9}, len(idx)*stride), slices.Repeat([]float32{-9}, len(idx)*outputs+2)
			s.Gather(idx, x, stride, y)
			for k, i := range idx {
				for j, got := range x[k*stride:][:stride] {
					want := float32(-9)
					if at := int(i)*inputs + j; j < inputs && name == "bytes" {
						want = float32(byte(at*37>>2)) / 255
					} else if j < inputs {
						want = float32(at) + 0.5
					}
					if got != want {
						t.Errorf("%s, stride %d: x[%d][%d] = %v, want %v", name, stride, k, j, got, want)
					}
				}
				for o, got := range y[k*outputs:][:outputs] {
					want := -float32(int(i)*outputs + o)
					if label, ok := s.Label(int(i)); ok {
						want = 0
						if o == label {
							want = 1
						}
					}
					if got != want {
						t.Errorf("%s: y[%d][%d] = %v, want %v", name, k, o, got, want)
					}
				}
			}
			if y[len(y)-1] != -9 || y[len(y)-2] != -9 {
				t.Errorf("%s: Gather wrote behind the targets", name)
			}
		}
	}
}

func TestGatherWithoutTargets(t *testing.T) {
	s := byteSet(3, 4, 2)
	x := make([]float32, 4)
	s.Gather([]int32{2}, x, 4, nil)
	s.Gather(nil, nil, 4, nil)
	if x[3] != float32(byte(11*37>>2))/255 {
		t.Errorf("last pixel is %v", x[3])
	}
}

// Active inputs are counted as they are gathered.
func TestCountActive(t *testing.T) {
	const inputs = 77
	bytes, floats := byteSet(9, inputs, 2), floatSet(9, inputs, 2)
	for i := 0; i < 9*inputs; i += 3 {
		bytes.rows.(*byteRows).pixels[i], floats.rows.(*floatRows).values[i] = 0, 0
	}
	for name, s := range map[string]*Set{"bytes": bytes, "floats": floats} {
		x := make([]float32, inputs)
		for i := range int32(9) {
			s.Gather([]int32{i}, x, inputs, nil)
			if got, want := s.CountActive(i, x), simd.Nonzero(x); got != want || got == 0 || got == inputs {
				t.Errorf("%s: %d active inputs of example %d, want %d", name, got, i, want)
			}
		}
	}
}

func TestGatherPanicsOnShortSlices(t *testing.T) {
	s := byteSet(3, 4, 2)
	for name, call := range map[string]func(){
		"stride": func() { s.Gather([]int32{0}, make([]float32, 4), 3, nil) },
		"x":      func() { s.Gather([]int32{0, 1}, make([]float32, 7), 4, nil) },
		"y":      func() { s.Gather([]int32{0, 1}, make([]float32, 8), 4, make([]float32, 3)) },
		"index":  func() { s.Gather([]int32{3}, make([]float32, 8), 4, nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

func TestGatherDoesNotAllocate(t *testing.T) {
	for name, s := range map[string]*Set{"bytes": byteSet(64, 784, 10), "floats": floatSet(64, 784, 10)} {
		x, y, idx := make([]float32, 8*785), make([]float32, 80), []int32{1, 5, 9, 63, 0, 0, 7, 2}
		if n := testing.AllocsPerRun(100, func() { s.Gather(idx, x, 785, y) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// The tables must be the formulas rounded once, for every byte.
func TestTables(t *testing.T) {
	every := make([]byte, 256)
	for b := range every {
		every[b] = byte(b)
	}
	for name, formula := range map[string]func(b float64) float64{
		"unit":     func(b float64) float64 { return b / 255 },
		"standard": func(b float64) float64 { return (b/255 - 0.1307) / 0.3081 },
		"li2020":   func(b float64) float64 { return 0.01 + 0.99*b/255 },
	} {
		prepare, err := transforms[name].after(every, 256, 0, mnist.standard)
		if err != nil {
			t.Fatal(err)
		}
		rows := prepare("train", every)
		x := make([]float32, 256)
		rows.gather([]int32{0}, x, 256)
		for b, got := range x {
			if want := float32(formula(float64(b))); math.Abs(float64(got-want)) > 1e-7 {
				t.Errorf("%s: byte %d becomes %v, want %v", name, b, got, want)
			}
		}
	}
}

// Those in use are lines, which are computed, but for binary: it and any other is looked up.
func TestPalettes(t *testing.T) {
	every := make([]byte, 256)
	for b := range every {
		every[b] = byte(b)
	}
	square := func(b float64) float64 { return b * b / 7 }
	values := map[string]func(b float64) float64{"square": square}
	for name, transform := range transforms {
		if transform.value != nil {
			values[name] = transform.value
		}
		if transform.scaled != nil {
			values[name] = func(b float64) float64 { return transform.scaled(b, *mnist.standard) }
		}
	}
	for name, value := range values {
		p, x := newPalette(value), make([]float32, 256)
		if p.isLine != (name != "square" && name != "binary") {
			t.Errorf("%s: a line: %t", name, p.isLine)
		}
		p.inputs(x, every)
		for from := range 20 { // 236 bytes are no whole number of words
			if got, want := p.active(every[from:236+from]), simd.Nonzero(x[from:236+from]); got != want {
				t.Errorf("%s: %d inputs are active from %d on, want %d", name, got, from, want)
			}
		}
		for b, got := range x {
			if want := float32(value(float64(b))); got != want {
				t.Errorf("%s: byte %d becomes %v, want %v", name, b, got, want)
			}
		}
	}
}

func TestTransformsAreThoseOfTheSchema(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		for _, f := range kind.Fields {
			if f.Key != "transform" {
				continue
			}
			for _, name := range Transforms() {
				if !slices.Contains(splitChoice(f.Allowed), name) {
					t.Errorf("%s: transform %s is not among %s", kind.Name, name, f.Allowed)
				}
			}
			if got, want := len(splitChoice(f.Allowed)), len(transforms); got != want {
				t.Errorf("%s: %d transforms in the schema, %d in the registry", kind.Name, got, want)
			}
		}
	}
}

func BenchmarkGather(b *testing.B) {
	for _, c := range []struct {
		name string
		set  *Set
	}{{"bytes", byteSet(2000, 784, 10)}, {"floats", floatSet(2000, 784, 10)}} {
		for _, batch := range []int{1, 32} {
			b.Run(fmt.Sprintf("%s/batch=%d", c.name, batch), func(b *testing.B) {
				b.ReportAllocs()
				x, y, idx := make([]float32, batch*784), make([]float32, batch*10), make([]int32, batch)
				for i := 0; b.Loop(); i++ {
					for k := range idx {
						idx[k] = int32((i*batch + k) * 7 % 2000)
					}
					c.set.Gather(idx, x, 784, y)
				}
			})
		}
	}
}
