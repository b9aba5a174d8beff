package simd

import (
	"fmt"
	"math"
	"testing"
)

// guarded returns a copy of x that begins at an odd place and ends before numbers
// which unharmed checks.
func guarded(x []float32, offset int) (all, inner []float32) {
	all = make([]float32, offset+len(x)+17)
	for i := range all {
		all[i] = -77
	}
	inner = all[offset : offset+len(x)]
	copy(inner, x)
	return all, inner
}

func unharmed(all, inner []float32, offset int) bool {
	for i, x := range all {
		if (i < offset || i >= offset+len(inner)) && x != -77 {
			return false
		}
	}
	return true
}

// The loops over units do what they say, at all levels, for every length and
// alignment, and touch nothing beyond.
func TestUnits(t *testing.T) {
	for n := range 70 {
		for offset := range 4 {
			for _, wild := range []bool{false, true} {
				checkUnits(t, uint64(n), n, offset, wild, 0)
				checkUnits(t, uint64(n), n, offset, wild, 0.1)
			}
		}
	}
}

func FuzzUnits(f *testing.F) {
	f.Add(uint64(1), 33, 1, float32(0.5))
	f.Fuzz(func(t *testing.T, seed uint64, n, offset int, slope float32) {
		if !(slope >= 0) {
			slope = 0
		}
		checkUnits(t, seed, int(uint(n)%3000), int(uint(offset)%16), seed%2 == 0, slope)
	})
}

func checkUnits(t *testing.T, seed uint64, n, offset int, wild bool, slope float32) {
	t.Helper()
	z, dy := numbers(seed, n, wild), numbers(seed+1, n, wild)
	for _, l := range levels() {
		name := fmt.Sprintf("%s, %d elements at %d, wild %t, slope %v", l, n, offset, wild, slope)
		at(l, func() {
			all, y := guarded(z, offset)
			checkActivity(t, name, y)
			Rectify(y, slope)
			if want := rectified(z, slope); !sameBits(y, want) || !unharmed(all, y, offset) {
				t.Fatalf("%s: Rectify(%v) gives %v", name, z, all)
			}
			all, dz := guarded(make([]float32, n), offset)
			RectifyError(dz, dy, z, slope)
			if want := rectifiedError(dy, z, slope); !sameBits(dz, want) || !unharmed(all, dz, offset) {
				t.Fatalf("%s: RectifyError gives %v, want %v", name, all, want)
			}
			copy(dz, dy)
			if RectifyError(dz, dz, z, slope); !sameBits(dz, rectifiedError(dy, z, slope)) {
				t.Fatalf("%s: RectifyError in place gives %v", name, dz)
			}
		})
	}
}

func rectified(z []float32, slope float32) []float32 {
	y := make([]float32, len(z))
	for i, x := range z {
		switch {
		case x > 0:
			y[i] = x
		case x < 0 && slope == 0 && !math.IsInf(float64(x), -1):
			y[i] = 0
		case x < 0 || x != x:
			y[i] = slope * x
		}
	}
	return y
}

func rectifiedError(dy, y []float32, slope float32) []float32 {
	dz := make([]float32, len(dy))
	for i, d := range dy {
		if dz[i] = slope * d; y[i] > 0 {
			dz[i] = d
		}
	}
	return dz
}

// checkActivity counts, and adds up in the lanes that Activity promises.
func checkActivity(t *testing.T, name string, y []float32) {
	t.Helper()
	var lane [16]float64
	want := 0
	for i, v := range y {
		lane[i%16] += math.Abs(float64(v))
		if v != 0 {
			want++
		}
	}
	var pairs [8]float64
	for i := range pairs {
		pairs[i] = lane[i] + lane[i+8]
	}
	sum := ((pairs[0] + pairs[4]) + (pairs[2] + pairs[6])) + ((pairs[1] + pairs[5]) + (pairs[3] + pairs[7]))
	if got := Nonzero(y); got != want {
		t.Fatalf("%s: Nonzero(%v) = %d, want %d", name, y, got, want)
	}
	for width := 1; width <= 20; width++ {
		counts := make([]int32, len(y)/width)
		NonzeroRows(counts, y, width)
		for row, got := range counts {
			if want := Nonzero(y[row*width : (row+1)*width]); int(got) != want {
				t.Fatalf("%s: NonzeroRows(%v) of width %d = %v, want %d in row %d", name, y, width, counts, want, row)
			}
		}
	}
	if count, got := Activity(y); count != want || !same64([]float64{got}, []float64{sum}) {
		t.Fatalf("%s: Activity(%v) = %d, %v, want %d, %v", name, y, count, got, want, sum)
	}
}

func TestAffine(t *testing.T) {
	bytes := make([]byte, 300)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	for _, l := range levels() {
		at(l, func() {
			for n := range len(bytes) {
				src := bytes[n%7 : n]
				all, dst := guarded(make([]float32, len(src)), n%5)
				Affine(dst, src, 1/0.3, -0.7)
				for i, b := range src {
					if want := float32(float64(1/0.3*float64(b)) - 0.7); dst[i] != want {
						t.Fatalf("%s, %d bytes: byte %d becomes %v, want %v", l, len(src), b, dst[i], want)
					}
				}
				if !unharmed(all, dst, n%5) {
					t.Fatalf("%s, %d bytes: wrote beyond: %v", l, len(src), all)
				}
			}
		})
	}
}

// Noisy is the line and the noise, product by product and sum by sum, in float64.
func TestNoisy(t *testing.T) {
	bytes, z := make([]byte, 300), make([]float64, 300)
	for i := range bytes {
		bytes[i], z[i] = byte(7*i), math.Sin(float64(i))
	}
	z[11], z[40], z[255] = math.Inf(-1), 0x1p-1060, 1e300
	const scale, offset, deviation = 0.98 / 255, -0.128, 0.001
	for _, l := range levels() {
		at(l, func() {
			for n := range len(bytes) {
				src, noise := bytes[n%7:n], z[n%7:n]
				all, dst := guarded(make([]float32, len(src)), n%5)
				Noisy(dst, src, noise, scale, offset, deviation)
				for i, b := range src {
					line := float64(scale*float64(b)) + offset
					if want := float32(line + float64(deviation*noise[i])); dst[i] != want {
						t.Fatalf("%s, %d bytes: byte %d and z = %v become %v, want %v", l, len(src), b, noise[i], dst[i], want)
					}
				}
				if !unharmed(all, dst, n%5) {
					t.Fatalf("%s, %d bytes: wrote beyond: %v", l, len(src), all)
				}
			}
		})
	}
}
