// Package simd holds the loops that Ergon's time goes into, in vector
// registers where the processor has them: AVX-512 or AVX2 on amd64, plain Go
// otherwise. All levels compute the same bits. ERGON_SIMD=off|avx2|avx512 in
// the environment limits the level, for comparison.
package simd

import (
	"fmt"
	"math"
	"os"
)

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg simd"

// Level says which instructions are used.
type Level string

// The levels, lowest first.
const (
	Portable Level = "portable"
	AVX2     Level = "avx2"
	AVX512   Level = "avx512"
)

// Lanes is the number of partial sums that Apply adds to.
const Lanes = 8

// Sums are partial sums over updates Δw: of their magnitudes, and of their products with
// a force.
type Sums struct{ M1, Work [Lanes]float64 }

// rotated returns the sums with lane first in the place of the first.
func (s *Sums) rotated(first int) (r Sums) {
	for i := range Lanes {
		r.M1[i], r.Work[i] = s.M1[(first+i)%Lanes], s.Work[(first+i)%Lanes]
	}
	return r
}

var level = best(os.Getenv("ERGON_SIMD"))

// CheckLimit returns an error if ERGON_SIMD is set to what is no level: the limit would
// be none.
func CheckLimit() error {
	switch limit := os.Getenv("ERGON_SIMD"); limit {
	case "", "off", string(Portable), string(AVX2), string(AVX512):
		return nil
	default:
		return fmt.Errorf("ERGON_SIMD is %q in the environment; set off, avx2 or avx512, or nothing", limit)
	}
}

// Active returns the level in use.
func Active() Level { return level }

// best returns the highest level of the processor that the limit allows.
func best(limit string) Level {
	switch {
	case limit == "off" || limit == string(Portable):
		return Portable
	case has512 && limit != string(AVX2):
		return AVX512
	case has256:
		return AVX2
	}
	return Portable
}

// Scale writes dst[i] = x·a[i] for all of dst; a is at least as long.
func Scale(dst, a []float32, x float32) {
	a = a[:len(dst)]
	done := scaleVectors(dst, a, x)
	for i := done; i < len(dst); i++ {
		dst[i] = x * a[i]
	}
}

// AddScaled adds x·a[i] to dst[i] for all of dst; a is at least as long. Product
// and sum are rounded one after the other.
func AddScaled(dst, a []float32, x float32) {
	a = a[:len(dst)]
	done := addScaledVectors(dst, a, x)
	for i := done; i < len(dst); i++ {
		dst[i] += float32(x * a[i])
	}
}

// Axpy adds x·w[i] to acc[i] for all of w, in float64; acc is at least as long.
// The product of two float32 numbers is exact in float64, so only the addition rounds.
func Axpy(acc []float64, w []float32, x float32) {
	acc = acc[:len(w)]
	wide := float64(x)
	done := axpyVectors(acc, w, wide)
	for i := done; i < len(w); i++ {
		acc[i] += wide * float64(w[i])
	}
}

// Apply adds the updates Δw = clip(scale·delta[i]) to w[i], where clip clamps to
// ±bound, and counts them: m0 is how many are not zero, stored how many w
// changed value, and sums grow by |Δw| and Δw·force[i], those of update i in lane i
// mod Lanes. NaN counts as not zero, and stays.
func Apply(w, delta, force []float32, scale, bound float32, sums *Sums) (m0, stored int) {
	w, force = w[:len(delta)], force[:len(delta)]
	done, m0, stored := applyVectors(w, delta, force, scale, bound, sums)
	for i := done; i < len(delta); i++ {
		changed, moved := ApplyOne(&w[i], delta[i], force[i], scale, bound, &sums.M1[i%Lanes], &sums.Work[i%Lanes])
		m0 += changed
		stored += moved
	}
	return m0, stored
}

// ApplyOuter is Apply of the updates minus·(x·dz[i]), each product rounded, to a
// row of weights w. The force is the update before scale and clip. Update i is in lane (first+i)
// mod Lanes.
func ApplyOuter(w, dz []float32, x, minus, scale, bound float32, sums *Sums, first int) (m0, stored int) {
	w = w[:len(dz)]
	if first %= Lanes; first != 0 {
		turned := sums.rotated(first)
		m0, stored = ApplyOuter(w, dz, x, minus, scale, bound, &turned, 0)
		*sums = turned.rotated(Lanes - first)
		return m0, stored
	}
	done, m0, stored := applyOuterVectors(w, dz, x, minus, scale, bound, sums)
	for i := done; i < len(dz); i++ {
		g := x * dz[i]
		free := float32(minus * g)
		changed, moved := ApplyOne(&w[i], free, free, scale, bound, &sums.M1[i%Lanes], &sums.Work[i%Lanes])
		m0 += changed
		stored += moved
	}
	return m0, stored
}

// ApplyMasked is Apply of the updates minus·g[i], the product rounded, where bit i
// of bits is set; what else there is of w stays as it is. The force is the update before
// the clip. Update i is in lane (first+i) mod Lanes.
func ApplyMasked(w, g []float32, bits []uint64, minus, bound float32, sums *Sums, first int) (m0, stored int) {
	w, bits = w[:len(g)], bits[:(len(g)+63)/64]
	if first %= Lanes; first != 0 {
		turned := sums.rotated(first)
		m0, stored = ApplyMasked(w, g, bits, minus, bound, &turned, 0)
		*sums = turned.rotated(Lanes - first)
		return m0, stored
	}
	done, m0, stored := applyMaskedVectors(w, g, bits, minus, bound, sums)
	for i := done; i < len(g); i++ {
		if bits[i/64]>>(i%64)&1 == 0 {
			continue
		}
		free := float32(minus * g[i])
		changed, moved := ApplyOne(&w[i], free, free, 1, bound, &sums.M1[i%Lanes], &sums.Work[i%Lanes])
		m0 += changed
		stored += moved
	}
	return m0, stored
}

// magnitude has the bits of a float32 without its sign, which ascend with |x|.
const magnitude = 1<<31 - 1

// Reaching writes to places, which has room for as many as there are values, the
// numbers of those whose bits without the sign, turned by flip, are at least
// threshold, and returns how many they are. The first value has the number first.
// It has no branch: where half of the values reach it, every other one would be
// mispredicted.
func Reaching(values []float32, flip, threshold uint32, first int, places []int32) int {
	places = places[:len(values)]
	done, n := reachingVectors(values, flip, threshold, first, places)
	for i := done; i < len(values); i++ {
		places[n] = int32(first + i)
		key := math.Float32bits(values[i])&magnitude ^ flip
		n += 1 - int((uint64(key)-uint64(threshold))>>63)
	}
	return n
}

// ApplyOne is Apply for one synapse, with its lanes of the sums.
func ApplyOne(w *float32, delta, force, scale, bound float32, m1, work *float64) (m0, stored int) {
	update := delta * scale
	if update > bound {
		update = bound
	} else if update < -bound {
		update = 0 - bound // 0 where the bound is 0, and not -0
	}
	before := *w
	after := before + update
	*w = after
	if update != 0 {
		m0 = 1
	}
	if after != before {
		stored = 1
	}
	*m1 += float64(max(update, -update))
	*work += float64(update) * float64(force)
	return m0, stored
}
