package cumulants

// Window is what some steps did to each layer of synapses, its biases included.
type Window struct {
	Steps  int
	Layers []Layer
}

// Layer is a layer's part of a window.
type Layer struct {
	Synapses int
	Fraction float64  // mean p_j of its synapses
	Drift    Cumulant // the effective rate over η
	Noise    Cumulant // Σ_j Var w_j over Σ u² along the path
}

// Cumulant is a cumulant of the masked updates.
//
// In one step the drift is Σ⟨-Δ_j⟩u_j/Σu_j², over a window p times how far the mean
// of the replicas has come along the predicted path, in units of that; where p
// is not the same for all synapses, it is its mean with the weights u². The noise
// is relative to what independent updates without mask add up to; it is p(1-p).
type Cumulant struct {
	Predicted float64   // to leading order; NaN: no synapse has a gradient
	Next      []float64 // to next order, one number a tangent
	Measured  []float64 // one number a replica; NaN: nothing moves
}

// layers returns the layers after the steps made so far.
func (e *experiment) layers() []Layer {
	layers := make([]Layer, len(e.path.sums))
	deviations := make([]deviations, len(layers))
	for l := range deviations {
		deviations[l].along, deviations[l].spread = make([]float64, len(e.replicas)), make([]float64, len(e.replicas))
	}
	for a, l := range e.run.Law.layers {
		for _, p := range e.run.Law.Fractions[a] {
			layers[l].Fraction += p
		}
		layers[l].Synapses += len(e.run.Law.Fractions[a])
		deviations[l].observe(e.replicas, e.path, a)
	}
	for l := range layers {
		layer, s := &layers[l], e.path.sums[l]
		layer.Fraction /= float64(layer.Synapses)
		layer.Drift = Cumulant{Predicted: s.first / s.squares, Measured: scaled(deviations[l].drifts(), s.first/s.squares)}
		layer.Noise = Cumulant{Predicted: s.second / s.squares, Measured: scaled(deviations[l].variances(), 1/s.squares)}
	}
	e.respond(layers)
	return layers
}

// respond enters what the tangents make of the prediction.
func (e *experiment) respond(layers []Layer) {
	for _, t := range e.tangents {
		drift, noise := t.responses()
		for l := range layers {
			layers[l].Drift.respond(drift[l])
			layers[l].Noise.respond(noise[l])
		}
	}
}

// respond enters a response, which is relative to the leading order.
func (c *Cumulant) respond(response float64) { c.Next = append(c.Next, c.Predicted*(1+response)) }

// scaled multiplies numbers in place.
func scaled(numbers []float64, factor float64) []float64 {
	for i := range numbers {
		numbers[i] *= factor
	}
	return numbers
}
