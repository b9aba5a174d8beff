package ramp

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/philox"
	"ergon/theory"
)

// segment is the exact solution of a part of a ramp of duration h. The strain
// y = x - w·u relaxes at the rate a = μκ while u moves on at 1/τ,
//
//	dy = -(a·y + w/τ) dt + √(2μkT) dB,
//
// and the ramp does the work dW = -κ·(w/τ)·y dt. Two Gaussian sums of the noise enter:
// the one that is left in y, and the plain sum √(2μkT)·B.
type segment struct {
	keep, drift     float64 // y → keep·y - drift + noise
	sum             float64 // deviation of √(2μkT)·B
	shared, private float64 // noise in y: shared·(the sum) + private·N(0,1)
	shift           float64 // w·h/τ, how far the strain is driven
	force           float64 // work per driven displacement and relaxation: (κ·w/τ)/a
}

// segment returns the solution for one of r.Steps parts of a ramp.
func (r *Ramp) segment(tau float64) segment {
	a, h, speed := r.Mobility*r.Stiffness, tau/float64(r.Steps), r.Weight/tau
	gone := -math.Expm1(-a * h) // 1 - e^{-ah}
	diffusion := 2 * r.Mobility * r.Temperature
	shared := gone / (a * h)
	left := -math.Expm1(-2*a*h) / (2 * a) * diffusion // variance of the noise in y
	return segment{
		keep: 1 - gone, drift: speed / a * gone,
		sum:    math.Sqrt(diffusion * h),
		shared: shared, private: math.Sqrt(max(0, left-shared*shared*diffusion*h)),
		shift: speed * h, force: speed / r.Mobility,
	}
}

// advance returns the strain at the end of a segment that starts with strain y, and the
// work, given two numbers N(0,1). The work is -κw/τ·∫y dt, and the
// equation of motion says that a∫y dt = y - y' - w·h/τ + √(2μkT)·B.
func (s segment) advance(y, first, second float64) (end, work float64) {
	sum := s.sum * first
	end = s.keep*y - s.drift + s.shared*sum + s.private*second
	return end, s.force * (end - y + s.shift - sum)
}

// chunkSize is how many ramps one call of a worker simulates.
const chunkSize = 256

// simulate returns the works of r.Simulate ramps of duration number i, each from
// equilibrium.
func (r *Ramp) simulate(ctx context.Context, i int) ([]float64, error) {
	segment := r.segment(r.Times[i])
	stream := philox.New(r.Seed, fmt.Sprintf("ramp/tau/%d", i))
	works := make([]float64, r.Simulate)
	err := theory.Parallel(ctx, (r.Simulate+chunkSize-1)/chunkSize, func(chunk int) {
		for k := chunk * chunkSize; k < min((chunk+1)*chunkSize, len(works)); k++ {
			works[k] = r.simulateOne(segment, stream, uint64(k))
		}
	})
	return works, err
}

// simulateOne returns the work of ramp number k.
func (r *Ramp) simulateOne(segment segment, stream philox.Stream, k uint64) (work float64) {
	y := math.Sqrt(r.Temperature/r.Stiffness) * stream.Normal(k, 0)
	for n := range uint64(r.Steps) {
		first, second := stream.NormalPair(k, n+1)
		end, done := segment.advance(y, first, second)
		y, work = end, work+done
	}
	return work
}
