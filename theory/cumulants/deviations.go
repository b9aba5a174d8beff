package cumulants

// deviations are, replica by replica, sums over the synapses of a layer of how far
// a replica is from where the path began, x.
type deviations struct {
	along  []float64 // Σ x·path
	spread []float64 // Σ (x - mean of all replicas)²
	length float64   // Σ path²
}

// stretch is how many synapses are worked on together: what the replicas have
// of them stays in the cache.
const stretch = 1 << 12

// observe adds the deviations of an array of synapses.
func (d *deviations) observe(replicas []*replica, p *path, a int) {
	mean := make([]float64, stretch)
	for lo := 0; lo < len(p.from[a]); lo += stretch {
		hi := min(lo+stretch, len(p.from[a]))
		from, moved, mean := p.from[a][lo:hi], p.moved[a][lo:hi], mean[:hi-lo]
		clear(mean)
		for _, r := range replicas {
			for i, w := range r.weights[a][lo:hi] {
				mean[i] += (float64(w) - float64(from[i])) / float64(len(replicas))
			}
		}
		for k, r := range replicas {
			along, spread := 0.0, 0.0
			for i, w := range r.weights[a][lo:hi] {
				x := float64(w) - float64(from[i])
				along += x * moved[i]
				spread += (x - mean[i]) * (x - mean[i])
			}
			d.along[k] += along
			d.spread[k] += spread
		}
		for _, x := range moved {
			d.length += x * x
		}
	}
}

// drifts returns how far each replica has come along the path, in units of it:
// 1 if it is right, NaN if there is no path.
func (d *deviations) drifts() []float64 {
	all := make([]float64, len(d.along))
	for k, along := range d.along {
		all[k] = along / d.length
	}
	return all
}

// variances returns the jackknife's pseudo-values of Σ_j Var w_j: its estimate is
// their mean S/(R-1), S = Σ spread, and its standard error that of their mean.
// Without replica k the estimate would be (S - spread_k·R/(R-1))/(R-2).
func (d *deviations) variances() []float64 {
	r, sum := float64(len(d.spread)), 0.0
	for _, spread := range d.spread {
		sum += spread
	}
	all := make([]float64, len(d.spread))
	for k, spread := range d.spread {
		without := (sum - spread*r/(r-1)) / (r - 2)
		all[k] = r*sum/(r-1) - (r-1)*without
	}
	return all
}
