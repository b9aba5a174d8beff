package committee

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
)

// cubature are points of independent normal numbers, with weights, over which averages of
// fields are taken that have no closed form: a lattice rule (Cools, Kuo & Nuyens 2006),
// folded by the tent 1 - |2u - 1| so that it need not be periodic (Hickernell 2002), and
// taken to normal numbers by their quantiles. These are spread wider than normal ones, for
// selections look at the tails, and weighed accordingly. Their second moments are made
// exactly those of independent ones, so that what is of second order in the fields is
// averaged exactly.
type cubature struct {
	points [][]float64 // [points][d]
	weight []float64   // [points], of sum 1
	fields []float64   // [K+M], at a point
	errors []float64   // [K], δ
	cuts   []float64   // [K]
	tails  [][2]float64
}

// CubaturePoints is their number where [Learning] gives none. Averages of networks of erf
// are then within 10⁻³ of the closed ones where those are known, and those of selections
// that few synapses pass within 10⁻².
const CubaturePoints = 16384

// wider is the deviation of the points before they are weighed.
const wider = 1.12

// generator is that of Cools, Kuo & Nuyens's lattice of 2^m points, m ≤ 20, in this many
// dimensions at most.
var generator = [...]int{1, 182667, 469891, 498753, 110745, 446247, 250185, 118627, 245333, 283199}

// MostFields is the number of units of student and teacher up to which fields are averaged
// over points.
const MostFields = len(generator) - 1

// newCubature returns points for k units, m of the teacher and, if there is any, the labels'
// noise.
func newCubature(k, m int, noise bool, points int) *cubature {
	if points == 0 {
		points = CubaturePoints
	}
	d := k + m
	if noise {
		d++
	}
	c := &cubature{
		points: make([][]float64, points), weight: make([]float64, points), fields: make([]float64, k+m),
		errors: make([]float64, k), cuts: make([]float64, k), tails: make([][2]float64, k),
	}
	for n := range c.points {
		c.points[n] = make([]float64, d)
		squares := 0.0
		for j := range d {
			// Each dimension is shifted, by whatever leaves no point at an end.
			at := float64(n*generator[j]%points)/float64(points) + 0.381966 + 0.1*float64(j)
			_, at = math.Modf(at)
			z := mathext.NormalQuantile(1 - math.Abs(2*at-1))
			c.points[n][j] = wider * z
			squares += z * z
		}
		c.weight[n] = math.Exp(-squares * (wider*wider - 1) / 2)
	}
	floats.Scale(1/floats.Sum(c.weight), c.weight)
	c.whiten()
	return c
}

// whiten makes the second moments of the points those of independent numbers, by the
// inverse of their Cholesky factor.
func (c *cubature) whiten() {
	d := len(c.points[0])
	moments := mat.NewSymDense(d, nil)
	for n, z := range c.points {
		moments.SymRankOne(moments, c.weight[n], mat.NewVecDense(d, z))
	}
	var factor mat.Cholesky
	factor.Factorize(moments)
	var lower, inverse mat.TriDense
	factor.LTo(&lower)
	if err := inverse.InverseTri(&lower); err != nil {
		panic("committee: points of a cubature are dependent: " + err.Error())
	}
	for _, z := range c.points {
		mat.NewVecDense(d, z).MulVec(&inverse, mat.NewVecDense(d, append([]float64(nil), z...)))
	}
}
