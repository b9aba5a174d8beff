package philox

import (
	"math"
	"testing"
)

// Known answers of Random123 1.14 (tests/kat_vectors, philox4x32 10).
func TestKnownAnswers(t *testing.T) {
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Cipher(c.counter, c.key); got != c.want {
			t.Errorf("Cipher(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// χ² of 10^6 words over 256 cells in each byte position, and the moments of
// the normals. The stream is fixed, so the test cannot flicker; the bounds are
// 5 standard deviations of the statistic.
func TestDistribution(t *testing.T) {
	s, n := New(1, "test"), 1_000_000
	var cells [4][256]float64
	for i := range n {
		w := s.Uint32(7, uint64(i))
		for b := range 4 {
			cells[b][w>>(8*b)&255]++
		}
	}
	for b := range cells {
		chi2, expected := 0.0, float64(n)/256
		for _, c := range cells[b] {
			chi2 += (c - expected) * (c - expected) / expected
		}
		if math.Abs(chi2-255) > 5*math.Sqrt(2*255) {
			t.Errorf("byte %d: chi2 = %.1f, want 255 ± %.1f", b, chi2, 5*math.Sqrt(2*255))
		}
	}
	var m1, m2, m4 float64
	for i := range n {
		x := s.Normal(8, uint64(i))
		m1, m2, m4 = m1+x, m2+x*x, m4+x*x*x*x
	}
	N := float64(n)
	if math.Abs(m1/N) > 5/math.Sqrt(N) || math.Abs(m2/N-1) > 5*math.Sqrt(2/N) || math.Abs(m4/N-3) > 5*math.Sqrt(96/N) {
		t.Errorf("normal moments 1, 2, 4 = %v, %v, %v, want 0, 1, 3", m1/N, m2/N, m4/N)
	}
}

func TestStreamsAreIndependent(t *testing.T) {
	const n = 200_000
	base := New(0, "a")
	for name, other := range map[string]func(i uint64) uint32{
		"seed": func(i uint64) uint32 { return New(1, "a").Uint32(0, i) },
		"name": func(i uint64) uint32 { return New(0, "b").Uint32(0, i) },
		"step": func(i uint64) uint32 { return base.Uint32(1, i) },
	} {
		dot := 0.0
		for i := range uint64(n) {
			dot += (float64(base.Uint32(0, i))*0x1p-31 - 1) * (float64(other(i))*0x1p-31 - 1)
		}
		// Each factor has variance 1/3, so the sum has deviation √n/3.
		if z := dot / (math.Sqrt(n) / 3); math.Abs(z) > 5 {
			t.Errorf("other %s: correlation at %.1f standard deviations", name, z)
		}
	}
}

func TestShuffleIsAPermutation(t *testing.T) {
	p := make([]int32, 1000)
	New(3, "order").Shuffle(2, p)
	seen := make([]bool, len(p))
	moved := 0
	for i, v := range p {
		if seen[v] {
			t.Fatalf("%d occurs twice", v)
		}
		seen[v] = true
		if int(v) != i {
			moved++
		}
	}
	if moved < 900 {
		t.Errorf("only %d of 1000 entries moved", moved)
	}
}

func TestThreshold(t *testing.T) {
	for p, want := range map[float64]uint64{0: 0, 1: 1 << 32, 2: 1 << 32, -1: 0, 0.5: 1 << 31} {
		if got := Threshold(p); got != want {
			t.Errorf("Threshold(%v) = %d, want %d", p, got, want)
		}
	}
}

func BenchmarkBlock(b *testing.B) {
	s, sum := New(0, "bench"), uint32(0)
	for i := range b.N {
		sum += s.Block(0, uint64(i))[0]
	}
	_ = sum
}

// Below is the comparison of each word, at every level of vector registers that
// ERGON_SIMD allows, for counters of every size.
func TestBelow(t *testing.T) {
	s := New(11, "below")
	for _, p := range []float64{0, 1e-9, 0.3, 0.5, 0.999, 1} {
		threshold := Threshold(p)
		for _, first := range []uint64{0, 1, 77, 1<<28 - 2, 1 << 40} {
			for _, step := range []uint64{0, 5, 1<<35 + 3} {
				bits := make([]uint64, 5)
				s.Below(step, first, threshold, bits)
				for i, word := range bits {
					for j := range uint64(64) {
						want := uint64(s.Uint32(step, 64*(first+uint64(i))+j)) < threshold
						if got := word>>j&1 == 1; got != want {
							t.Fatalf("p %v, step %d, word %d, bit %d: %t, want %t", p, step, first+uint64(i), j, got, want)
						}
					}
				}
			}
		}
	}
}

func BenchmarkBelow(b *testing.B) {
	s, bits := New(0, "bench"), make([]uint64, 64)
	b.SetBytes(64 * 64 * 4)
	for i := range b.N {
		s.Below(uint64(i), 0, 1<<31, bits)
	}
}
