package stochastic

import "ergon/masks"

// Phi returns the φ of each synapse, array by array, of synapses that have each their own.
func Phi(t masks.Transmission) [][]float32 { return t.(*heterogeneous).phi }
