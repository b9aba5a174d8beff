package cumulants

import (
	"ergon/graph"
	"ergon/masks"
)

// network returns what a rule may know of a model for data of so many classes.
func network(m graph.Model, classes int) masks.Network {
	net := masks.Network{Classes: classes}
	for _, l := range m.Layers() {
		net.Layers = append(net.Layers, masks.Layer{In: l.In, Out: l.Out, Bias: l.B != nil})
	}
	return net
}

// synapses returns a network's arrays in the order of its parameters.
func synapses(net masks.Network) (all []*masks.Synapses) {
	for l, layer := range net.Layers {
		all = append(all, &masks.Synapses{Layer: l, In: layer.In, Out: layer.Out})
		if layer.Bias {
			all = append(all, &masks.Synapses{Layer: l, Bias: true, In: 1, Out: layer.Out})
		}
	}
	return all
}

// arrays lists a model's weights and biases, layer by layer.
func arrays(m graph.Model) (all [][]float32) {
	for _, l := range m.Layers() {
		all = append(all, l.W)
		if l.B != nil {
			all = append(all, l.B)
		}
	}
	return all
}

// copied returns a copy of arrays.
func copied(all [][]float32) (copies [][]float32) {
	for _, a := range all {
		copies = append(copies, append([]float32(nil), a...))
	}
	return copies
}

// like returns zeros in the shape of arrays.
func like[T float32 | float64](all [][]float32) (zeros [][]T) {
	for _, a := range all {
		zeros = append(zeros, make([]T, len(a)))
	}
	return zeros
}
