package outerproduct

import (
	"maps"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/internal/selection"
	"ergon/internal/submatrix"
)

// kinds are kinds of factors, as functions of a number u that is uniform in (-1,1).
var kinds = map[string]func(u float64) float64{
	"pixels": func(u float64) float64 { return max(0, math.Round(255*u)/255) }, // many zeros, and equal ones
	"errors": func(u float64) float64 { return u * u * u },
	"one":    func(float64) float64 { return 1 },
	"tiny":   func(u float64) float64 { return 1e-22 * u }, // products underflow
	"huge":   func(u float64) float64 { return 1e20 * u },  // and overflow
}

// drawFactor draws a factor of some kind.
func drawFactor(t *rapid.T, name string) []float32 {
	kind := kinds[rapid.SampledFrom(slices.Sorted(maps.Keys(kinds))).Draw(t, name)]
	s := philox.New(rapid.Uint64().Draw(t, "seed of "+name), name)
	x := make([]float32, rapid.IntRange(1, 150).Draw(t, "size of "+name))
	for i := range x {
		x[i] = float32(kind(2*s.Float64(0, uint64(i)) - 1))
	}
	return x
}

// drawUnits draws some of n numbers, ascending; nil means all.
func drawUnits(t *rapid.T, name string, n int) []int32 {
	if rapid.Bool().Draw(t, "all "+name) {
		return nil
	}
	some := []int32{}
	s := philox.New(rapid.Uint64().Draw(t, "seed of "+name), name)
	for i := range n {
		if s.Uint32(0, uint64(i))%2 == 0 {
			some = append(some, int32(i))
		}
	}
	return some
}

// written is an outer product in full, row by row: the keys of its entries, and which of
// them take part.
type written struct {
	width  int
	keys   []uint32
	within []bool
}

// drawProduct draws a product, and forms it in full.
func drawProduct(t *rapid.T, o *Product) (w written) {
	x, delta, bias := drawFactor(t, "x"), drawFactor(t, "delta"), rapid.Bool().Draw(t, "bias")
	g := submatrix.Submatrix{Rows: drawUnits(t, "rows", len(x)), Columns: drawUnits(t, "columns", len(delta))}
	o.Load(x, delta, g, bias)
	w.width = len(delta)
	rows := slices.Clone(x)
	if bias {
		rows = append(rows, 1)
	}
	for i, x := range rows {
		for j, d := range delta {
			w.keys = append(w.keys, selection.Key(x*d))
			row := g.Rows == nil || i == len(rows)-1 && bias || slices.Contains(g.Rows, int32(i))
			w.within = append(w.within, row && (g.Columns == nil || slices.Contains(g.Columns, int32(j))))
		}
	}
	return w
}

// competing returns the keys of the entries that take part.
func (w *written) competing() (keys []uint32) {
	for i, key := range w.keys {
		if w.within[i] {
			keys = append(keys, key)
		}
	}
	return keys
}

// The thresholds of one product or several agree with a sort of all entries. Entries that
// tie with the k-th reach the first threshold, and not the second.
func TestKthLargestOfProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var products []*Product
		var keys []uint32
		for range rapid.IntRange(1, 3).Draw(t, "products") {
			o := new(Product)
			w := drawProduct(t, o)
			products, keys = append(products, o), append(keys, w.competing()...)
		}
		k := rapid.IntRange(1, 1+len(keys)).Draw(t, "k")
		least, above := KthLargest(products, k)
		slices.Sort(keys)
		kth, ties := uint32(0), false
		if k <= len(keys) {
			kth = keys[len(keys)-k]
			ties = k < len(keys) && keys[len(keys)-k-1] == kth
		}
		for _, key := range keys {
			if key == 0 { // zeros are not counted
				continue
			}
			if reaches := key >= selection.Key(least); reaches != (key >= kth) {
				t.Fatalf("entry %x reaches %v: %t; the %d largest are those from %x on", key, least, reaches, k, kth)
			}
			if reaches := key >= selection.Key(above); reaches != (key > kth || key == kth && !ties) {
				t.Fatalf("entry %x reaches %v: %t; the %d largest are those from %x on, equal ones: %t", key, above, reaches, k, kth, ties)
			}
		}
	})
}

// Keep keeps exactly the entries that are at least a threshold, or the others that take
// part. Selecting in chunks gives the same as selecting at once.
func TestKeptEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := new(Product)
		w := drawProduct(t, o)
		threshold := math.Float32frombits(max(rapid.SampledFrom(w.keys).Draw(t, "threshold"), 1))
		others := rapid.Bool().Draw(t, "others")
		o.Prefix(threshold)
		o.Keep(others)
		var want []int32
		for i, key := range w.keys {
			if reaches := key >= selection.Key(threshold); w.within[i] && reaches != others {
				want = append(want, int32(i))
			}
		}
		if got := selected(t, o, len(w.keys)); !slices.Equal(got, want) {
			t.Fatalf("kept %v, want %v", got, want)
		}
	})
}

// selected returns the entries kept of a product of n, biases included, in two chunks.
func selected(t *rapid.T, o *Product, n int) (kept []int32) {
	weights := o.inputs * o.width
	for _, array := range []struct {
		bias bool
		n    int
	}{{false, weights}, {true, n - weights}} {
		cut := rapid.IntRange(0, array.n).Draw(t, "cut")
		part := o.Select(array.bias, cut, array.n, o.Select(array.bias, 0, cut, nil))
		for _, i := range part {
			if array.bias {
				i += int32(weights)
			}
			kept = append(kept, i)
		}
	}
	return kept
}

// The entries marked of each column are those of a sort of the column.
func TestTopAndAboveOfColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := new(Product)
		w := drawProduct(t, o)
		k, smallest := rapid.IntRange(1, 40).Draw(t, "k"), rapid.Bool().Draw(t, "smallest")
		if smallest {
			o.AboveColumns(k)
		} else {
			o.TopOfColumns(k)
		}
		o.Keep(smallest)
		var want []int32
		for i, key := range w.keys {
			if w.within[i] && w.inColumn(i%w.width, key, k, smallest) {
				want = append(want, int32(i))
			}
		}
		if got := selected(t, o, len(w.keys)); !slices.Equal(got, want) {
			t.Fatalf("kept %v, want %v", got, want)
		}
	})
}

// inColumn reports whether a key is among the k largest non-zero entries of its column, or
// among the k smallest, ties with the k-th included.
func (w *written) inColumn(column int, key uint32, k int, smallest bool) bool {
	var keys []uint32
	for i := column; i < len(w.keys); i += w.width {
		if w.within[i] {
			keys = append(keys, w.keys[i])
		}
	}
	slices.Sort(keys)
	k = min(k, len(keys))
	if smallest {
		return key <= keys[k-1]
	}
	return key >= keys[len(keys)-k] && key > 0
}

// Finite detects infinite and NaN factors, of either sign.
func TestFinite(t *testing.T) {
	inf, nan := float32(math.Inf(-1)), float32(math.NaN())
	for _, c := range []struct {
		x, delta []float32
		want     bool
	}{
		{[]float32{1, 0}, []float32{math.MaxFloat32}, true},
		{nil, []float32{0}, true},
		{[]float32{1, inf}, []float32{1}, false},
		{[]float32{1}, []float32{0, nan}, false},
	} {
		o := new(Product)
		if o.Load(c.x, c.delta, submatrix.Submatrix{}, false); o.Finite() != c.want {
			t.Errorf("%v ⊗ %v is finite: %t, want %t", c.x, c.delta, o.Finite(), c.want)
		}
	}
}

// The patterns of a submatrix: its columns in its rows, none in others.
func TestRowPatternsOfABlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, out := rapid.IntRange(1, 20).Draw(t, "in"), rapid.IntRange(1, 150).Draw(t, "out")
		g := submatrix.Submatrix{Rows: drawUnits(t, "rows", in), Columns: drawUnits(t, "columns", out)}
		var k RowPatterns
		k.Load(g, in, out)
		if got, want := k.Select(out, 0, 0, in*out, nil), g.Select(out, 0, in*out, nil); !slices.Equal(got, want) {
			t.Fatalf("kept %v, want %v", got, want)
		}
	})
}

// BenchmarkKthLargestFactored finds the threshold of an outer product from its factors.
// BenchmarkKthLargestWritten of internal/selection finds it from the whole product.
func BenchmarkKthLargestFactored(b *testing.B) {
	x, delta := make([]float32, 785), make([]float32, 200) // as in van Rossum & Pache 2024
	s := philox.New(1, "factors")
	s.Normals(0, 0, x)
	s.Normals(1, 0, delta)
	for i := range x {
		x[i] = max(x[i], 0) // half are zero
	}
	o := new(Product)
	for b.Loop() {
		o.Load(x, delta, submatrix.Submatrix{}, false)
		least, _ := KthLargest([]*Product{o}, 1571)
		o.Prefix(least)
		o.Keep(false)
	}
}
