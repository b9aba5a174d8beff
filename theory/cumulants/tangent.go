package cumulants

// tangent is one draw of the noise along the mean path, and of how gradients
// respond to it. Where one learns is w̄ + s + δ; to leading order δ is the plain sum
// of the noise and s is zero. The package's comment has the next order, in which
//
//	above = u(w̄+s+δ),   below = u(w̄+s-δ).
type tangent struct {
	path
	mask         *draw
	deviation    [][]float32 // δ
	noise        [][]float32 // Σ -(M - p)·u
	bend         [][]float64 // s
	above, below [][]float32
}

func newTangent(law *Law, from [][]float32, mask *draw) *tangent {
	return &tangent{
		path: *newPath(law, from), mask: mask,
		deviation: like[float32](from), noise: like[float32](from), bend: like[float64](from),
		above: like[float32](from), below: like[float32](from),
	}
}

var _ walker = (*tangent)(nil)

// step implements walker.
func (t *tangent) step(m *machine, number int) error {
	t.displace(m, 1)
	if err := m.updates(number, t.law, t.above); err != nil {
		return err
	}
	t.displace(m, -1)
	if err := m.updates(number, t.law, t.below); err != nil {
		return err
	}
	t.place(m)
	if err := m.updates(number, t.law, t.u); err != nil {
		return err
	}
	if err := t.mask.next(); err != nil {
		return err
	}
	for a, u := range t.u {
		t.respond(a, u)
	}
	t.advance()
	return nil
}

// displace sets a machine's weights to w̄ + s + side·δ.
func (t *tangent) displace(m *machine, side float64) {
	for a, from := range t.from {
		weights, moved, bend, deviation := m.weights[a], t.moved[a], t.bend[a], t.deviation[a]
		for i, w := range from {
			weights[i] = float32(float64(w) + moved[i] + bend[i] + side*float64(deviation[i]))
		}
	}
}

// respond changes the deviation of an array of synapses, and the mean path's bend.
func (t *tangent) respond(a int, u []float32) {
	deviation, noise, bend := t.deviation[a], t.noise[a], t.bend[a]
	above, below, plastic := t.above[a], t.below[a], t.mask.plastic[a]
	for i, fraction := range t.law.Fractions[a] {
		even, odd := (above[i]+below[i])/2, (above[i]-below[i])/2
		random := plastic[i] - float32(fraction)
		noise[i] -= random * u[i]
		deviation[i] -= random*even + plastic[i]*odd
		bend[i] -= fraction * float64(even-u[i])
	}
}

// responses returns for each layer by how much, relative to the prediction of leading
// order, the response changes the noise and the drift in this draw.
func (t *tangent) responses() (drift, noise []float64) {
	drift, noise = make([]float64, len(t.sums)), make([]float64, len(t.sums))
	lengths := make([]float64, len(t.sums))
	for a, layer := range t.law.layers {
		for i, moved := range t.moved[a] {
			d, n := float64(t.deviation[a][i]), float64(t.noise[a][i])
			noise[layer] += d*d - n*n
			drift[layer] += t.bend[a][i] * moved
			lengths[layer] += moved * moved
		}
	}
	for layer, s := range t.sums {
		noise[layer] = share(noise[layer], s.second)
		drift[layer] = share(drift[layer], lengths[layer])
	}
	return drift, noise
}

// share returns part/whole, and 0 of nothing: where nothing moves, nothing responds.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}
