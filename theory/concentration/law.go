package concentration

import (
	"math"

	"ergon/theory/descent"
	"ergon/theory/temperature"
)

// prediction is what the law says of a rule, of one layer or of all.
type prediction struct {
	p, m    float64 // share of M0 and of M1
	a       float64 // share of the descent
	noise   float64 // share of the square
	time    float64 // presentations, relative to the plain run
	m0, m1  float64 // savings
	errors  *prediction
	follows bool
}

// numbers lists what is estimated, and so has an error.
func (x *prediction) numbers() []float64 {
	return []float64{x.p, x.m, x.a, x.noise, x.time, x.m0, x.m1}
}

func numbered(x []float64) *prediction {
	return &prediction{p: x[0], m: x[1], a: x[2], noise: x[3], time: x[4], m0: x[5], m1: x[6]}
}

// course is the sums of a rule and of the plain one in each part of the course.
type course struct{ rule, plain []descent.Sums }

// predict applies the law, in which the rule spends 1/a times as long in each part as the plain
// rule. Where it does not descend it never comes through: time is then infinite.
func (c course) predict() *prediction {
	var time, noise, plainM0, plainM1, m0, m1, atOnce0, atOnce1 float64
	for t, s := range c.rule {
		plain := c.plain[t]
		atOnce0, atOnce1 = atOnce0+s.M0, atOnce1+s.M1
		slower := plain.Descent / s.Descent
		if !(slower > 0) {
			slower = math.Inf(1)
		}
		time += slower
		noise += s.Work / plain.Work
		plainM0, plainM1 = plainM0+plain.M0, plainM1+plain.M1
		m0, m1 = m0+slower*s.M0, m1+slower*s.M1
	}
	n := float64(len(c.rule))
	x := &prediction{time: time / n, noise: noise / n, m0: plainM0 / m0, m1: plainM1 / m1}
	x.a = 1 / x.time
	if x.p, x.m = x.a/x.m0, x.a/x.m1; math.IsInf(x.time, 1) {
		x.p, x.m = atOnce0/plainM0, atOnce1/plainM1
	}
	return x
}

// predictFrom applies the law to the sampled batches, of a layer or, at -1, of all. Standard errors
// are the jackknife's over the chunks.
func (m measurement) predictFrom(rule, layer int) *prediction {
	if end := m.ends[rule]; end.followed != nil {
		c := course{[]descent.Sums{pick(end.followed, layer)}, []descent.Sums{pick(end.plain, layer)}}
		x := c.predict()
		x.noise, x.follows = math.NaN(), true
		return x
	}
	n := len(m.parts[0])
	value, standardError, _ := temperature.Jackknife(n, func(leftOut int) ([]float64, error) {
		var c course
		for _, part := range m.parts {
			var s, plain descent.Sums
			for k, chunk := range part {
				if k != leftOut {
					s.Add(pick(chunk[rule+1], layer))
					plain.Add(pick(chunk[0], layer))
				}
			}
			c.rule, c.plain = append(c.rule, s), append(c.plain, plain)
		}
		return c.predict().numbers(), nil
	})
	x := numbered(value)
	x.errors = numbered(standardError)
	return x
}

// pick returns the sums of a layer, or at -1 of all.
func pick(layers []descent.Sums, layer int) (total descent.Sums) {
	if layer >= 0 {
		return layers[layer]
	}
	for _, s := range layers {
		total.Add(s)
	}
	return total
}

// plain returns the sums of the plain rule over the whole course, of a layer or, at -1, of all, for
// each batch.
func (m measurement) plain(layer, samples int) (total descent.Sums) {
	for _, part := range m.parts {
		for _, chunk := range part {
			total.Add(pick(chunk[0], layer))
		}
	}
	n := float64(samples * len(m.parts))
	return descent.Sums{Descent: total.Descent / n, Work: total.Work / n, M0: total.M0 / n, M1: total.M1 / n}
}
