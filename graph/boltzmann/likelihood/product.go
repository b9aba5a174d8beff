package likelihood

import (
	"math"

	"ergon/graph/boltzmann/unit"
)

// Of binary units Γ = Σ ln(1 + e^x) = ln Π (1 + e^x). A weight that is added to a field
// multiplies e^x by e^w, which is known beforehand. So a state costs two multiplications and
// an addition for each unit, and one logarithm.

const (
	// largest is the x to which e^x may grow: 16 factors of 1 + e^40 < 2^58 stay below 2^1023.
	largest = 40
	// smallest is the x down to which e^x may fall and grow again: no denormal number, which
	// would have lost digits.
	smallest = -600

	lanes = 8          // products that advance side by side
	block = 16 * lanes // factors between two looks at their exponents
)

// factors are the e^±w by which the e^x of binary units change, [n][m] each, for the weights
// of n units.
type factors struct {
	weights, up, down [][]float64
	rise, fall        []float64 // the most and the least that the weights add to a field [m]
}

func newFactors(weights [][]float64, m int) *factors {
	f := &factors{weights: weights, rise: make([]float64, m), fall: make([]float64, m)}
	for _, row := range weights {
		up, down := make([]float64, m), make([]float64, m)
		for i, w := range row {
			up[i], down[i] = math.Exp(w), math.Exp(-w)
			f.rise[i] += max(w, 0)
			f.fall[i] += min(w, 0)
		}
		f.up, f.down = append(f.up, up), append(f.down, down)
	}
	return f
}

// product is the other side of an enumeration where its units are binary. Units whose e^x
// stays in range, whatever flips, are in a product of 1 + e^x. For those whose e^-x does,
//
//	ln(1 + e^x) = x + ln(1 + e^-x).
//
// Units for which neither holds are left to the definition.
type product struct {
	e       []float64   // e^x or e^-x, and zeros up to whole lanes
	on, off [][]float64 // what they are multiplied by when a unit flips [n][len(e)]
	sum     float64     // Σ x of the units of which e holds e^-x
	step    []float64   // what unit j adds to sum when it turns on [n]
	wide    anyUnits    // the units left over
}

// newProduct begins at fields [m] at which all n units are off.
func newProduct(f *factors, fields []float64) *product {
	var up, down, wide []int
	for i, x := range fields {
		switch lo, hi := x+f.fall[i], x+f.rise[i]; {
		case smallest <= lo && hi <= largest:
			up = append(up, i)
		case smallest <= -hi && -lo <= largest:
			down = append(down, i)
		default:
			wide = append(wide, i)
		}
	}
	p := &product{e: make([]float64, (len(up)+len(down)+lanes-1)/lanes*lanes)}
	for k, i := range up {
		p.e[k] = math.Exp(fields[i])
	}
	for k, i := range down {
		p.e[len(up)+k] = math.Exp(-fields[i])
		p.sum += fields[i]
	}
	for j, row := range f.weights {
		p.on = append(p.on, pick(len(p.e), f.up[j], up, f.down[j], down))
		p.off = append(p.off, pick(len(p.e), f.down[j], up, f.up[j], down))
		step := 0.0
		for _, i := range down {
			step += row[i]
		}
		p.step = append(p.step, step)
		p.wide.weights = append(p.wide.weights, pick(len(wide), row, wide, nil, nil))
	}
	p.wide.Unit, p.wide.fields = unit.Bernoulli{}, pick(len(wide), fields, wide, nil, nil)
	return p
}

// pick returns n numbers: some of x, then some of y, then zeros.
func pick(n int, x []float64, ofX []int, y []float64, ofY []int) []float64 {
	picked := make([]float64, 0, n)
	for _, i := range ofX {
		picked = append(picked, x[i])
	}
	for _, i := range ofY {
		picked = append(picked, y[i])
	}
	return picked[:n]
}

// flip implements otherSide.
func (p *product) flip(j int, on bool) float64 {
	factor := p.off[j]
	if on {
		factor = p.on[j]
		p.sum += p.step[j]
	} else {
		p.sum -= p.step[j]
	}
	gamma := p.sum + lnProduct(p.e, factor)
	if len(p.wide.fields) > 0 {
		gamma += p.wide.flip(j, on)
	}
	return gamma
}

// lnProduct multiplies all e by their factors and returns ln Π (1 + e).
func lnProduct(e, factor []float64) float64 {
	products, exponent := [lanes]float64{1, 1, 1, 1, 1, 1, 1, 1}, 0
	for len(e) > 0 {
		n := min(block, len(e))
		multiply(&products, e[:n], factor[:n])
		for l, p := range products {
			// p ≥ 1, so it is 2^k times a number in [1,2).
			word := math.Float64bits(p)
			exponent += int(word>>52) - 1023
			products[l] = math.Float64frombits(word&(1<<52-1) | 1023<<52)
		}
		e, factor = e[n:], factor[n:]
	}
	p := 1.0
	for _, x := range products {
		p *= x
	}
	return math.Log(p) + float64(exponent)*math.Ln2
}

// multiply multiplies all e by their factors, and product l by 1 + e of every eighth from l on.
func multiply(products *[lanes]float64, e, factor []float64) {
	p0, p1, p2, p3 := products[0], products[1], products[2], products[3]
	p4, p5, p6, p7 := products[4], products[5], products[6], products[7]
	for len(e) >= lanes && len(factor) >= lanes {
		x, f := (*[lanes]float64)(e), (*[lanes]float64)(factor)
		x0, x1, x2, x3 := float64(x[0]*f[0]), float64(x[1]*f[1]), float64(x[2]*f[2]), float64(x[3]*f[3])
		x4, x5, x6, x7 := float64(x[4]*f[4]), float64(x[5]*f[5]), float64(x[6]*f[6]), float64(x[7]*f[7])
		x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7] = x0, x1, x2, x3, x4, x5, x6, x7
		p0, p1, p2, p3 = p0*(1+x0), p1*(1+x1), p2*(1+x2), p3*(1+x3)
		p4, p5, p6, p7 = p4*(1+x4), p5*(1+x5), p6*(1+x6), p7*(1+x7)
		e, factor = e[lanes:], factor[lanes:]
	}
	*products = [lanes]float64{p0, p1, p2, p3, p4, p5, p6, p7}
}
