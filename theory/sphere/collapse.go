package sphere

import (
	"math"
	"sync"
)

// collapsed is the loss below which kind op counts as collapsed, that of the published figure.
const collapsed = 1e-16

// meanCollapse returns the step at which the loss first falls below collapsed if each step follows the
// mean gradient from the paper's start. In the long run it shrinks by (1-η/2)² a step; the
// examples' differences change that in the third order of η only. Below shortest it is a/η + b, to some 1e-5.
func meanCollapse(rate float64) float64 {
	if rate < shortest {
		a, b := longCollapse()
		return math.Round(a/rate + b)
	}
	return float64(stepsOfMean(rate))
}

// shortest is the rate below which the steps of a collapse, 39/η, are no longer made.
const shortest = 1e-4

// longCollapse returns a and b of a/η + b steps, by those at two rates.
var longCollapse = sync.OnceValues(func() (a, b float64) {
	most, fewer := float64(stepsOfMean(shortest)), float64(stepsOfMean(10*shortest))
	a = (most - fewer) / (1/shortest - 0.1/shortest)
	return a, most - a/shortest
})

// stepsOfMean makes the steps of meanCollapse.
func stepsOfMean(rate float64) int {
	e, x := examplesOf("op"), start
	for t := 0; ; t++ {
		if e.loss(x) < collapsed {
			return t
		}
		var mean vector
		for i := range e {
			mean = mean.plus(1/float64(len(e)), e.gradient(i, x))
		}
		x = x.plus(-rate, mean).normalised()
	}
}

// collapse is how kind op comes to its end at a rate. Close to the pole, (x, y) is multiplied by
// 1 - 2η·a_i·a_iᵀ in each step: all that matters is its direction, which settles to a law that does not
// depend on how close.
type collapse struct {
	growth float64 // ⟨ln |(x,y)'|/|(x,y)|⟩ of a step, the Lyapunov exponent
	snr    float64 // ⟨|ḡ|/√⟨|g-ḡ|²⟩⟩
}

const (
	directions = 1024  // of a half turn, at which functions of the direction are known
	settled    = 1e-10 // spread at which a mean is known
)

// expandedBelow is the rate below which a collapse is that of an expansion in η.
const expandedBelow = 0.005

// collapseAt returns that at any rate. The directions' law takes 1/η steps to settle, and is solved for at small
// rates no more than twice: growth is ln(1-η/2)·(1 + c·η²), snr 1/√3 + a·η + b·η², within 2e-6 of what is solved for.
func collapseAt(rate float64) collapse {
	if rate >= expandedBelow {
		return solveCollapse(rate)
	}
	one, two := expansion()
	growth := one.growth/math.Log1p(-expandedBelow/2) - 1
	leading := 1 / math.Sqrt(3)
	atOne, atTwo := (one.snr-leading)/expandedBelow, (two.snr-leading)/(2*expandedBelow)
	return collapse{
		growth: math.Log1p(-rate/2) * (1 + growth*rate*rate/(expandedBelow*expandedBelow)),
		snr:    leading + rate*(2*atOne-atTwo+(atTwo-atOne)*rate/expandedBelow),
	}
}

// expansion is what the expansion in η goes by: the collapse at expandedBelow and twice that.
var expansion = sync.OnceValues(func() (one, two collapse) {
	return solveCollapse(expandedBelow), solveCollapse(2 * expandedBelow)
})

// solveCollapse returns the means over the directions' law. The mean of f after t steps is a function of the first
// direction; it is taken back step by step until it is the same for all.
func solveCollapse(rate float64) collapse {
	e := examplesOf("op")
	growth, snr := make([]float64, directions), make([]float64, directions)
	places := make([][2]float64, directions) // where the examples' steps lead, in units of the grid
	for k := range directions {
		sin, cos := math.Sincos(math.Pi * float64(k) / directions)
		d := vector{cos, sin, 0}
		var mean vector
		for i, a := range e {
			after := d.plus(-2*rate*d.dot(a), a)
			growth[k] += math.Log(after.dot(after)) / 2 / float64(len(e))
			place := math.Atan2(after[1], after[0]) / math.Pi * directions
			places[k][i] = math.Mod(place+directions, directions)
			mean = mean.plus(2*d.dot(a)/float64(len(e)), a)
		}
		noise := 0.0
		for _, a := range e {
			g := vector{}.plus(2*d.dot(a), a).plus(-1, mean)
			noise += g.dot(g) / float64(len(e))
		}
		snr[k] = math.Sqrt(mean.dot(mean) / noise)
	}
	return collapse{stationaryMean(growth, places), stationaryMean(snr, places)}
}

// stationaryMean takes f back until it is a constant, and returns that.
func stationaryMean(f []float64, places [][2]float64) float64 {
	for {
		before := make([]float64, len(f))
		least, most := math.Inf(1), math.Inf(-1)
		for k, to := range places {
			before[k] = (cubicAt(f, to[0]) + cubicAt(f, to[1])) / 2
			least, most = min(least, before[k]), max(most, before[k])
		}
		if f = before; most-least < settled {
			return (least + most) / 2
		}
	}
}

// cubicAt returns a periodic function between the points of its grid, by the cubic through the four
// nearest.
func cubicAt(f []float64, place float64) float64 {
	whole, u := math.Modf(place)
	k, n := int(whole), len(f)
	at := func(i int) float64 { return f[(k+i+n)%n] }
	return -u*(u-1)*(u-2)/6*at(-1) + (u+1)*(u-1)*(u-2)/2*at(0) - (u+1)*u*(u-2)/2*at(1) + (u+1)*u*(u-1)/6*at(2)
}
