package entropy

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/state"
)

// normals returns a window of n vectors of N(0, scale²)^d.
func normals(t testing.TB, n, d int, scale float32, seed uint64) *Window {
	t.Helper()
	window, stream := NewWindow(n, d), philox.New(seed, "entropy/test")
	w := make([]float32, d)
	for i := range n {
		stream.Normals(uint64(i), 0, w)
		for c := range w {
			w[c] *= scale
		}
		if err := window.Add(w); err != nil {
			t.Fatal(err)
		}
	}
	return window
}

func nearest(t testing.TB, v Vectors, k int) *Neighbours {
	t.Helper()
	neighbours, err := Nearest(context.Background(), v, k)
	if err != nil {
		t.Fatal(err)
	}
	return neighbours
}

// Distances are those of the plain loop over pairs, whatever the number of vectors and
// components is, and the same on one core.
func TestNearest(t *testing.T) {
	for _, n := range []int{2, 7, 8, 9, 41} {
		for _, d := range []int{1, 2, 127, 129, 1023, 1025, 2500} {
			window, k := normals(t, n, d, 1, 3), min(3, n-1)
			got := nearest(t, window, k)
			cores := runtime.GOMAXPROCS(1)
			alone := nearest(t, window, k)
			runtime.GOMAXPROCS(cores)
			for i := range n {
				if want := sorted(window, i)[:k]; !near(got.Distances[i], want, 1e-14) {
					t.Fatalf("%d vectors of %d: neighbours of %d at %v, want %v", n, d, i, got.Distances[i], want)
				}
				if !slices.Equal(got.Distances[i], alone.Distances[i]) {
					t.Fatalf("%d vectors of %d: other distances on one core", n, d)
				}
			}
		}
	}
}

// sorted returns the distances of vector i from the others, in order.
func sorted(window *Window, i int) (all []float64) {
	for j := range window.Len() {
		sum := 0.0
		for c, x := range window.vector(j) {
			d := float64(x) - float64(window.vector(i)[c])
			sum += d * d
		}
		if j != i {
			all = append(all, math.Sqrt(sum))
		}
	}
	slices.Sort(all)
	return all
}

func near(a, b []float64, precision float64) bool {
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= precision*math.Abs(b[i])) {
			return false
		}
	}
	return len(a) == len(b)
}

// Vectors of norm 1 that differ by the last digits of float32 have exact distances, where
// norms minus products in float32, and even in float64 of more than 8 digits, would have none.
func TestNearestOfNearlyEqualVectors(t *testing.T) {
	const d = 1000
	window, w := NewWindow(3, d), make([]float32, d)
	for i := range 3 {
		for c := range w {
			w[c] = float32(1 / math.Sqrt(d))
		}
		w[0] = math.Float32frombits(math.Float32bits(w[0]) + uint32(i*i)) // 0, 1, 4 units in the last place
		if err := window.Add(w); err != nil {
			t.Fatal(err)
		}
	}
	unit := math.Ldexp(1, -28) // of float32 between 2^-5 and 2^-4
	got := nearest(t, window, 2).Distances
	for i, want := range [][]float64{{unit, 4 * unit}, {unit, 3 * unit}, {3 * unit, 4 * unit}} {
		if !slices.Equal(got[i], want) {
			t.Errorf("distances of vector %d are %v, want %v", i, got[i], want)
		}
	}
}

// A Gaussian has S = d/2·ln(2πe σ²). The deviation of an estimate is about √(d·1.6+0.4)/√n by
// k = 1, and less by more neighbours; tests stand at 4 of them.
func TestKozachenkoLeonenko(t *testing.T) {
	const n = 1000
	for _, d := range []int{1, 2, 3} {
		for _, k := range []int{1, 4} {
			for _, scale := range []float32{1e-4, 1, 30} {
				want := float64(d) / 2 * (math.Log(2*math.Pi*math.E) + 2*math.Log(float64(scale)))
				if got := nearest(t, normals(t, n, d, scale, 1), k).KozachenkoLeonenko(k, d); math.Abs(got-want) > 4*math.Sqrt((1.6*float64(d)+0.4)/n) {
					t.Errorf("d = %d, k = %d, σ = %g: S = %.3f, want %.3f", d, k, scale, got, want)
				}
			}
		}
	}
}

// What the estimate by graphs leaves out is the same constant for any width of the law, and
// for any number of vectors.
func TestCostaHeroUpToAConstant(t *testing.T) {
	exact := func(scale float64) float64 { return math.Log(2 * math.Pi * math.E * scale * scale) }
	var constants []float64
	for _, n := range []int{1000, 3000} {
		for _, scale := range []float64{0.01, 1} {
			constants = append(constants, nearest(t, normals(t, n, 2, float32(scale), 1), 20).CostaHero(20, 2)-exact(scale))
		}
	}
	if least, most := slices.Min(constants), slices.Max(constants); most-least > 0.1 {
		t.Errorf("S by graphs is off by %.3f to %.3f, want the same constant to 0.1", least, most)
	}
}

// Uniform on a sphere of many dimensions all distances are √2, so that S/d → ln(k√2). What is
// missing at a finite d is known: a distance has the relative deviation 1/(2√d), and the nearest
// k of n lie on average 2.063 deviations below the mean (k/n = 0.05), so that
// S/d = ln(k√2) + ln(1 - 2.063/(2√d)) + ln(n)/d. At 24 407 free dimensions this is 4.2522, where the
// published estimate of a network on its plateau is 103784.74/24407 = 4.2522
// (Sadrtdinov et al. 2025, ConvNet of 8 channels, CIFAR-10).
func TestCostaHeroOfTheUniformSphere(t *testing.T) {
	const n, k = 1000, 50
	var perDimension, roots []float64
	for _, d := range []int{2000, 24_407} {
		window := normals(t, n, d+1, 1, 7)
		for w := range slices.Chunk(window.components, window.dimension) {
			norm := 0.0
			for _, x := range w {
				norm += float64(x) * float64(x)
			}
			for c := range w {
				w[c] /= float32(math.Sqrt(norm))
			}
		}
		got := nearest(t, window, k).CostaHero(k, d) / float64(d)
		limit := math.Log(k * math.Sqrt2)
		if want := limit + math.Log1p(-2.063/(2*math.Sqrt(float64(d)))) + math.Log(n)/float64(d); math.Abs(got-want) > 1e-3 {
			t.Errorf("d = %d: S/d = %.5f, want %.5f", d, got, want)
		}
		perDimension, roots = append(perDimension, got-math.Log(n)/float64(d)), append(roots, math.Sqrt(float64(d)))
		if d == 24_407 && math.Abs(got-103784.74/24407) > 3e-4 {
			t.Errorf("S/d = %.5f, want the published %.5f", got, 103784.74/24407)
		}
	}
	// What is missing falls as 1/√d: by two dimensions the limit is known, without a word of how much it is.
	limit := (roots[1]*perDimension[1] - roots[0]*perDimension[0]) / (roots[1] - roots[0])
	if want := math.Log(k * math.Sqrt2); math.Abs(limit-want) > 1e-3 {
		t.Errorf("S/d → %.5f, want ln(k√2) = %.5f", limit, want)
	}
}

// A window keeps the last vectors.
func TestWindow(t *testing.T) {
	window := NewWindow(2, 1)
	for _, x := range []float32{5, 4, 3, 2, 1} {
		if err := window.Add([]float32{x}); err != nil {
			t.Fatal(err)
		}
	}
	if window.Len() != 2 || window.components[0]+window.components[1] != 3 {
		t.Errorf("after 5, 4, 3, 2, 1 the window holds %v, want 2 and 1", window.components)
	}
}

// A window that was saved and restored goes on like the one that was not, full or not. It
// may have held something else.
func TestWindowIsRestored(t *testing.T) {
	for _, n := range []int{0, 1, 3, 4, 9} {
		whole, other := normals(t, 3, 2, 1, 1), normals(t, 3, 2, 1, 2)
		whole.Clear()
		for i := range n {
			if err := whole.Add([]float32{float32(i), 1}); err != nil {
				t.Fatal(err)
			}
		}
		saved, err := state.Save(whole)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []*Window{other, NewWindow(3, 2)} {
			if err := saved.Restore(w); err != nil {
				t.Fatal(err)
			}
			whole := *whole
			whole.components = slices.Clone(whole.components)
			for i := range 2 {
				if err := errors.Join(w.Add([]float32{7, float32(i)}), whole.Add([]float32{7, float32(i)})); err != nil {
					t.Fatal(err)
				}
			}
			if w.Len() != whole.Len() || !slices.Equal(w.components[:2*w.Len()], whole.components[:2*w.Len()]) {
				t.Errorf("after %d vectors: restored window goes on to %v, want %v", n, w.components, whole.components)
			}
		}
	}
}

// Vectors in a file have the same neighbours as those in memory.
func TestFile(t *testing.T) {
	window := normals(t, 20, 1500, 1, 5)
	var raw bytes.Buffer
	if err := binary.Write(&raw, binary.LittleEndian, window.components); err != nil {
		t.Fatal(err)
	}
	file := File{bytes.NewReader(raw.Bytes()), 20, 1500}
	if a, b := nearest(t, window, 3), nearest(t, file, 3); !slices.EqualFunc(a.Distances, b.Distances, slices.Equal) {
		t.Error("vectors in a file have other neighbours")
	}
	file.Count = 21
	if _, err := Nearest(context.Background(), file, 3); err == nil || !strings.Contains(err.Error(), "vector 20 of 21: EOF") {
		t.Errorf("a file that is too short: error %v", err)
	}
}

// What has no neighbours is an error that says so, and never a number.
func TestNearestRefuses(t *testing.T) {
	nan := NewWindow(3, 1)
	for _, x := range []float32{1, float32(math.NaN()), 2} {
		if err := nan.Add([]float32{x}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		v    Vectors
		k    int
		want string
	}{
		{NewWindow(3, 1), 1, "1 nearest neighbours of each of 0 vectors; give 2 vectors or more"},
		{normals(t, 3, 1, 1, 1), 3, "3 nearest neighbours of each of 3 vectors; give 4 vectors or more"},
		{normals(t, 3, 1, 1, 1), 0, "0 nearest neighbours"},
		{NewWindow(3, 0), 1, "without components"},
		{nan, 1, "vector 0 of 3 has no distance to all others"},
	} {
		if _, err := Nearest(context.Background(), c.v, c.k); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q in it", err, c.want)
		}
	}
	if err := NewWindow(1, 2).Add([]float32{1}); err == nil {
		t.Error("a vector of another dimension was added")
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := Nearest(ended, normals(t, 9, 9, 1, 1), 1); err == nil {
		t.Error("went on after the context's end")
	}
}

// Vectors at one place have no volume.
func TestEntropyOfOnePlace(t *testing.T) {
	n := nearest(t, normals(t, 5, 3, 0, 1), 2)
	if a, b := n.KozachenkoLeonenko(1, 3), n.CostaHero(2, 3); !math.IsInf(a, -1) || !math.IsInf(b, -1) {
		t.Errorf("S = %v and %v, want -Inf", a, b)
	}
}

// Beside the vectors Nearest takes less memory than they do, in all that it ever allocates, freed or not: the
// peak is below twice the vectors.
func TestMemoryOfNearest(t *testing.T) {
	const n, d = 500, 8000
	window := normals(t, n, d, 1, 9)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	nearest(t, window, 50)
	runtime.ReadMemStats(&after)
	if allocated, vectors := after.TotalAlloc-before.TotalAlloc, uint64(4*n*d); allocated > vectors {
		t.Errorf("%d bytes beside %d of vectors", allocated, vectors)
	}
}

// BenchmarkNearest is 1000 vectors of ten thousand to a million components. x-vectors is the memory that all of it
// took from the system, in multiples of the vectors; it fails above 2.
func BenchmarkNearest(b *testing.B) {
	for _, d := range []int{10_000, 100_000, 1_000_000} {
		b.Run(binaryName(d), func(b *testing.B) {
			window, w := NewWindow(1000, d), make([]float32, d)
			stream := philox.New(0, "entropy/bench")
			for i := range 1000 {
				stream.Normals(uint64(i%8), uint64(4*i), w) // eight rows, shifted: quicker to draw
				if err := window.Add(w); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				nearest(b, window, 50)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak := float64(m.Sys) / float64(4000*d)
			b.ReportMetric(peak, "x-vectors")
			if peak > 2 {
				b.Errorf("memory of %.2f times the vectors, want 2 at most", peak)
			}
		})
	}
}

func binaryName(d int) string {
	return map[int]string{10_000: "1e4", 100_000: "1e5", 1_000_000: "1e6"}[d]
}
