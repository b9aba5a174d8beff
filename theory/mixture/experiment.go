package mixture

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/masks/ensemble"
)

// streams names the random numbers of a simulation.
type streams func(name string) philox.Stream

func philoxes(seed uint64, index int) streams {
	return func(name string) philox.Stream {
		return philox.New(seed, fmt.Sprintf("mixture/simulation/%d/%s", index, name))
	}
}

// experiment is an instance of the problem while it is learned.
type experiment struct {
	*Problem
	x             blas64.General     // [n,d] examples, divided by √d
	y             []float64          // [n]
	field, force  []float64          // [n] h, s·Λ'
	teacher       []float64          // [d] v*
	start, w      []float64          // [d]
	gradient      []float64          // [d] G
	synapses      *ensemble.Ensemble // what Rule learns; nil without a rule
	mask          philox.Stream
	participation philox.Stream
	plastic       []uint64 // M, a bit a weight
	active        []uint64 // s, a bit an example
	join, stay    []uint64 // what s would be had it been 0 or 1
}

// experiment draws an instance.
func (p *Problem) experiment(d int, draw streams) (*experiment, error) {
	n := int(math.Round(p.Alpha * float64(d)))
	e := &experiment{
		Problem: p, x: blas64.General{Rows: n, Cols: d, Stride: d, Data: make([]float64, n*d)}, y: make([]float64, n),
		field: make([]float64, n), force: make([]float64, n), gradient: make([]float64, d),
		mask: draw("mask"), participation: draw("participation"),
		plastic: make([]uint64, (d+63)/64), active: make([]uint64, (n+63)/64), join: make([]uint64, (n+63)/64), stay: make([]uint64, (n+63)/64),
	}
	e.teacher, e.start = e.directions(d, draw("directions"))
	e.w = append(e.w, e.start...)
	e.present(draw("examples"))
	if p.Rule == nil {
		return e, nil
	}
	var err error
	if e.synapses, err = ensemble.New(p.Rule, d, draw("rule").Uint64(0, 0)); err != nil {
		return nil, err
	}
	for j, w := range e.start {
		e.synapses.Weights()[j] = float32(w)
	}
	return e, nil
}

// directions draws v* with |v*|² = d and weights of exactly the overlaps of the start.
func (p *Problem) directions(d int, stream philox.Stream) (teacher, start []float64) {
	teacher, start = gaussian(stream, 0, d), gaussian(stream, 1, d)
	size := func(v []float64) { floats.Scale(math.Sqrt(float64(d))/floats.Norm(v, 2), v) }
	size(teacher)
	floats.AddScaled(start, -floats.Dot(start, teacher)/float64(d), teacher)
	size(start)
	floats.Scale(math.Sqrt(p.R), start)
	floats.AddScaled(start, p.M0, teacher)
	return teacher, start
}

// gaussian returns d numbers N(0, 1).
func gaussian(stream philox.Stream, step uint64, d int) []float64 {
	raw, list := make([]float32, d), make([]float64, d)
	stream.Normals(step, 0, raw)
	for j, x := range raw {
		list[j] = float64(x)
	}
	return list
}

// present draws the examples.
func (e *experiment) present(stream philox.Stream) {
	d, k := float64(e.x.Cols), e.clusters()
	for mu := range e.y {
		one := k[whose(k, (float64(mu)+0.5)/float64(len(e.y)))]
		row := e.x.Data[mu*e.x.Stride : (mu+1)*e.x.Stride]
		floats.AddScaled(row, math.Sqrt(e.Delta/d), gaussian(stream, uint64(mu), len(row)))
		floats.AddScaled(row, one.c/d, e.teacher)
		e.y[mu] = one.y
	}
}

// whose returns the cluster in which a share of all examples ends.
func whose(clusters []cluster, share float64) int {
	for k, c := range clusters {
		if share -= c.share; share < 0 {
			return k
		}
	}
	return len(clusters) - 1
}
