package competitive

import (
	"math"

	"ergon/internal/outerproduct"
	"ergon/masks"
)

// competition is one competition among the synapses, or neurons, of some layers. With
// scope neuron it stands for the competitions of all neurons of a layer.
type competition struct {
	layers    []int
	products  []*outerproduct.Product // of the layers
	share     float64                 // p
	n         int                     // number of competitors; with scope neuron, of the first neuron
	onto      []int                   // with scope neuron, number of competitors of each neuron
	threshold []uint32                // smallest key that wins; with scope neuron, of each neuron
	factored  bool                    // decided from the factors: products have the winners
	winners   []int32                 // if neurons compete: those that win, ascending
}

// join adds a layer to a competition: a new one, or that of the whole network.
func (m *competitive) join(l int, layer masks.Layer, share float64) {
	if m.Among != "network" || len(m.competitions) == 0 {
		m.competitions = append(m.competitions, &competition{share: share, threshold: make([]uint32, 1)})
	}
	c := m.competitions[len(m.competitions)-1]
	c.layers, c.products = append(c.layers, l), append(c.products, m.products[l])
	m.competitionOf[l] = c
	switch {
	case m.ofUnits():
		c.n, c.winners = layer.Out, []int32{} // nil would mean all
	case m.Among == "neuron":
		c.onto, c.threshold = m.onto(layer), make([]uint32, layer.Out)
		c.n = c.onto[0]
	default:
		c.n += sum(m.onto(layer))
	}
}

// onto returns how many synapses onto each unit of a layer compete.
func (m *competitive) onto(layer masks.Layer) []int {
	all := make([]int, layer.Out)
	for j := range all {
		if all[j] = layer.Onto(j); layer.Bias && m.Biases {
			all[j]++
		}
	}
	return all
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

// quota returns k, how many of n distinct magnitudes win at share p: those that are at
// least element round((1-p)(n-1)), counted from 0, of their ascending order (van Rossum
// & Pache 2024, code).
func quota(p float64, n int) int {
	return n - int(math.RoundToEven((1-p)*float64(n-1)))
}

// least returns the smallest key that can win: 1 for the largest updates, so that a
// gradient of zero never wins, even if an optimizer's memory would move the synapse.
func (m *competitive) least() uint32 {
	if m.By == "update" && m.Order == "largest" {
		return 1
	}
	return 0
}
