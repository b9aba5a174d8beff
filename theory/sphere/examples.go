package sphere

import "math"

type vector [3]float64

func (v vector) dot(u vector) float64 { return v[0]*u[0] + v[1]*u[1] + v[2]*u[2] }

// plus returns v + c·u.
func (v vector) plus(c float64, u vector) vector {
	return vector{v[0] + c*u[0], v[1] + c*u[1], v[2] + c*u[2]}
}

func (v vector) normalised() vector { return vector{}.plus(1/math.Sqrt(v.dot(v)), v) }

// examples are the vectors a_i, all of length 1. The loss of one is (x·a_i)²/|x|².
type examples []vector

// The paper's examples. Three of them leave no direction at a right angle to all, two do: e_z.
func examplesOf(kind string) examples {
	h := math.Sqrt(3) / 2
	if kind == "op" {
		return examples{{h, 0.5, 0}, {h, -0.5, 0}}
	}
	e := examples{{1, 0, tilt}, {-0.5, h, tilt}, {-0.5, -h, tilt}}
	for i := range e {
		e[i] = e[i].normalised()
	}
	return e
}

// tilt is how far the examples of kind up stand out of their plane before they are normalised.
const tilt = 0.2

// start is where the paper's walkers begin.
var start = vector{-0.8, 0.6, 0.1}.normalised()

// gradient returns that of example i at x, |x| = 1. It is tangential.
func (e examples) gradient(i int, x vector) vector {
	s := x.dot(e[i])
	return vector{}.plus(2*s, e[i].plus(-s, x))
}

// loss returns the mean loss at x, |x| = 1.
func (e examples) loss(x vector) (sum float64) {
	for _, a := range e {
		s := x.dot(a)
		sum += s * s / float64(len(e))
	}
	return sum
}

// gradients returns |ḡ| and √⟨|g-ḡ|²⟩ at x.
func (e examples) gradients(x vector) (signal, noise float64) {
	var mean vector
	for i := range e {
		mean = mean.plus(1/float64(len(e)), e.gradient(i, x))
	}
	for i := range e {
		d := e.gradient(i, x).plus(-1, mean)
		noise += d.dot(d) / float64(len(e))
	}
	return math.Sqrt(mean.dot(mean)), math.Sqrt(noise)
}

// step returns x - η·g of example i, back on the sphere: (1+2ηs²)·x - 2ηs·a over its length, s = x·a.
func (e examples) step(i int, x vector, rate float64) vector {
	a := &e[i]
	s := x[0]*a[0] + x[1]*a[1] + x[2]*a[2]
	keep, pull := 1+2*rate*s*s, -2*rate*s
	y := vector{keep*x[0] + pull*a[0], keep*x[1] + pull*a[1], keep*x[2] + pull*a[2]}
	scale := 1 / math.Sqrt(y.dot(y))
	return vector{scale * y[0], scale * y[1], scale * y[2]}
}
