package mixture

import "math"

// cluster is a part of the examples: those around c·v*/√d with the label y.
type cluster struct{ share, c, y float64 }

// clusters returns the clusters of the problem.
func (p *Problem) clusters() []cluster {
	switch p.Clusters {
	case 2:
		return []cluster{{0.5, 1, 1}, {0.5, -1, -1}}
	case 3:
		return []cluster{{0.5, 0, -1}, {0.25, 1, 1}, {0.25, -1, 1}}
	}
	return []cluster{{1, 0, 1}}
}

// folded returns the clusters up to the symmetry of the problem: x → -x turns one
// of a pair into the other, and leaves c·Λ', Λ” and products of two Λ' as they are.
func (p *Problem) folded() []cluster {
	switch p.Clusters {
	case 2:
		return []cluster{{1, 1, 1}}
	case 3:
		return []cluster{{0.5, 0, -1}, {0.5, 1, 1}}
	}
	return p.clusters()
}

// example is the loss of an example at h: Λ and its first two derivatives in h.
func (p *Problem) example(y, h float64) (value, first, second float64) {
	if p.Clusters < 3 {
		value, first, second = p.Loss.At(y * h)
		return value, y * first, second // y² = 1
	}
	value, first, second = p.Loss.At(y * (h*h - p.Door*p.Door))
	slope := 2 * y * h // of the margin
	return value, first * slope, second*slope*slope + 2*y*first
}

// ErrorAt returns the probability that a new example is misjudged by weights with
// the overlap m = w·v*/d and c = |w|²/d.
func (p *Problem) ErrorAt(m, c float64) float64 {
	deviation := math.Sqrt(p.Delta * c)
	var wrong float64
	for _, k := range p.folded() {
		mean := m * k.c
		if p.Clusters < 3 {
			wrong += k.share * below(0, k.y*mean, deviation)
			continue
		}
		inside := below(p.Door, mean, deviation) - below(-p.Door, mean, deviation)
		if k.y < 0 {
			inside = 1 - inside
		}
		wrong += k.share * inside
	}
	return wrong
}

// below is the probability that N(mean, deviation²) is below x.
func below(x, mean, deviation float64) float64 {
	return math.Erfc((mean-x)/(deviation*math.Sqrt2)) / 2
}
