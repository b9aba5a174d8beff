package cumulants

// path is the mean motion w̄(t+1) = w̄(t) - p·u(w̄(t)) from a run's weights, and
// what it adds up on its way.
type path struct {
	law   *Law
	from  [][]float32 // the run's weights, not to be changed
	moved [][]float64 // w̄ - from
	u     [][]float32 // u(w̄) of the last step
	sums  []sums      // of each layer
}

// sums are sums over steps and the synapses of a layer.
type sums struct {
	squares float64 // Σ u²
	first   float64 // Σ p·u²
	second  float64 // Σ p(1-p)·u²: the variance of the layer's weights
}

func newPath(law *Law, from [][]float32) *path {
	layers := law.layers[len(law.layers)-1] + 1
	return &path{law: law, from: from, moved: like[float64](from), u: like[float32](from), sums: make([]sums, layers)}
}

var _ walker = (*path)(nil)

func (*path) enter(*machine) {}

func (*path) leave(*machine) {}

// step implements walker.
func (p *path) step(m *machine, number int) error {
	p.place(m)
	if err := m.updates(number, p.law, p.u); err != nil {
		return err
	}
	p.advance()
	return nil
}

// place sets a machine's weights to w̄.
func (p *path) place(m *machine) {
	for a, from := range p.from {
		weights, moved := m.weights[a], p.moved[a]
		for i, w := range from {
			weights[i] = float32(float64(w) + moved[i])
		}
	}
}

// advance makes the step of which u are the updates.
func (p *path) advance() {
	for a, moved := range p.moved {
		var s sums
		for i, update := range p.u[a] {
			u, fraction := float64(update), p.law.Fractions[a][i]
			mean := fraction * u
			moved[i] -= mean
			s.squares += u * u
			s.first += mean * u
			s.second += mean * u * (1 - fraction)
		}
		layer := &p.sums[p.law.layers[a]]
		layer.squares += s.squares
		layer.first += s.first
		layer.second += s.second
	}
}
