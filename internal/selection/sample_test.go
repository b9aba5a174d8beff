package selection

import (
	"math"
	"testing"
)

// A sample finds the order statistic of many numbers, also with many ties and with the
// largest side by side.
func TestSampleFindsTheKthLargest(t *testing.T) {
	noise := normals(30000)
	for name, value := range map[string]func(i int) float32{
		"normal":   func(i int) float32 { return noise[i] },
		"ties":     func(i int) float32 { return float32(math.Round(float64(noise[i]))) },
		"zeros":    func(i int) float32 { return max(0, noise[i]-2) },
		"together": func(i int) float32 { return float32(i) },
		"equal":    func(int) float32 { return 1 },
	} {
		values := make([]float32, len(noise))
		for i := range values {
			values[i] = value(i)
		}
		split := [][]float32{values[:100], values[100:20001], values[20001:]}
		var s Sample
		for _, k := range []int{1, 4, 301, 3001, 15000, 29500} {
			for _, flip := range []uint32{0, MagnitudeBits} {
				got, ok := s.KthLargest(split, flip, k)
				if want := sortedKth(keysOf(values, flip), k); !ok || got != want {
					t.Errorf("%s: number %d, flipped by %x: %x (%t), want %x", name, k, flip, got, ok, want)
				}
			}
		}
	}
}

// The k largest are found if the bracket contains exactly these.
func TestSampleMakesOutExactlyTheLargest(t *testing.T) {
	const rows, columns = 1024, 16
	for flip, sizes := range map[uint32][2]float32{0: {1, 0.5}, MagnitudeBits: {0.5, 1}} {
		const k = rows * columns / 8
		values := make([]float32, rows*columns)
		for i := range values { // the largest fill columns; the sample is the first column
			if values[i] = sizes[1]; i%columns*rows+i/columns < k {
				values[i] = sizes[0]
			}
		}
		got, ok := new(Sample).KthLargest([][]float32{values}, flip, k)
		if want := Key(sizes[0]) ^ flip; !ok || got != want {
			t.Errorf("flipped by %x: %x (%t), want %x", flip, got, ok, want)
		}
	}
}

// A sample that contains none of the largest gives no result, and neither do few values.
func TestSampleIsUnlucky(t *testing.T) {
	const rows, columns = 1024, 16 // the sample is the first column
	values := make([]float32, rows*columns)
	for i := range values {
		if values[i] = 1; i%columns == 0 {
			values[i] = 0.5
		}
	}
	if key, ok := new(Sample).KthLargest([][]float32{values}, 0, rows*(columns-1)); ok {
		t.Errorf("found %x", key)
	}
	if key, ok := new(Sample).KthLargest([][]float32{values[1:]}, 0, 3); ok {
		t.Errorf("found %x among few", key)
	}
}
