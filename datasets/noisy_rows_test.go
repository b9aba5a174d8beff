package datasets

import (
	"slices"
	"sync"
	"testing"

	"ergon/internal/philox"
)

func noisySet(n, inputs, classes int) (drawn, kept *Set) {
	s := byteSet(n, inputs, classes)
	noisy := func() *Set {
		return &Set{n: n, inputs: inputs, outputs: classes, labels: s.labels, rows: &noisyRows{
			pixels: s.rows.(*byteRows).pixels, width: inputs, scale: 0.98 / 255, offset: -0.13,
			deviation: noise2024, noise: philox.New(3, "noisy"),
		}}
	}
	drawn, kept = noisy(), noisy()
	kept.Keep()
	return drawn, kept
}

// The definition: number i of the set is float32(scale·b + offset + deviation·z_i), whatever the width of
// a row, odd ones included, where the rows before it were drawn or not, drawn alone or all at once.
func TestNoisyRows(t *testing.T) {
	const n = 9
	for _, inputs := range []int{1, 2, 7, 127, 128, 129, 784, 1001} {
		drawn, kept := noisySet(n, inputs, 2)
		r := drawn.rows.(*noisyRows)
		want := make([]float32, n*inputs)
		for i, b := range r.pixels {
			line := float64(r.scale*float64(b)) + r.offset
			want[i] = float32(line + float64(r.deviation*r.noise.Normal(0, uint64(i))))
		}
		for name, s := range map[string]*Set{"drawn": drawn, "kept": kept} {
			idx, x := []int32{8, 0, 3, 3, 5}, make([]float32, 5*(inputs+2))
			s.Gather(idx, x, inputs+2, nil)
			for k, i := range idx {
				if row := x[k*(inputs+2):][:inputs+2]; !slices.Equal(row[:inputs], want[int(i)*inputs:][:inputs]) || row[inputs] != 0 || row[inputs+1] != 0 {
					t.Fatalf("%s, %d inputs: example %d is %v, want %v and two zeros", name, inputs, i, row, want[int(i)*inputs:][:inputs])
				}
			}
		}
		if all := r.all().values; !slices.Equal(all, want) {
			t.Fatalf("%d inputs: all rows are %v, want %v", inputs, all, want)
		}
	}
}

// To keep inputs while others gather them changes none; it draws them once.
func TestKeepWhileGathering(t *testing.T) {
	s, _ := noisySet(9, 784, 2)
	idx, want := []int32{4}, make([]float32, 784)
	s.Gather(idx, want, 784, nil)
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			x := make([]float32, 784)
			for range 50 {
				s.Gather(idx, x, 784, nil)
				if !slices.Equal(x, want) {
					t.Error("other inputs")
				}
			}
		})
		working.Go(s.Keep)
	}
	working.Wait()
	all := s.rows.(*noisyRows).kept.Load()
	if s.Keep(); all == nil || s.rows.(*noisyRows).kept.Load() != all {
		t.Error("not kept, or drawn again")
	}
}

// Neither drawing nor copying takes memory.
func TestNoisyRowsAllocateNothing(t *testing.T) {
	drawn, kept := noisySet(9, 784, 2)
	x, idx := make([]float32, 784), []int32{4}
	for name, s := range map[string]*Set{"drawn": drawn, "kept": kept} {
		s.Gather(idx, x, 784, nil)
		if n := testing.AllocsPerRun(20, func() { s.Gather(idx, x, 784, nil) }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// Sums of all lengths, of the largest bytes, too, of which no partial sum may overflow.
func TestSumBytes(t *testing.T) {
	b := make([]byte, 5000)
	for _, fill := range []func(i int) byte{func(int) byte { return 255 }, func(i int) byte { return byte(i * 31 >> 2) }} {
		sum := uint64(0)
		for n := range len(b) {
			if got := sumBytes(b[:n]); got != sum {
				t.Fatalf("%d bytes: sum %d, want %d", n, got, sum)
			}
			b[n] = fill(n)
			sum += uint64(b[n])
		}
	}
}
