package masks

import "ergon/internal/schema"

// Share is a share of the synapses of each layer. Kinds embed it.
//
// With Balance, layer l gets p_l = min(p_1 n_1/n_l, 1), where n_l is its number of
// weights, without those of constant units. A small layer then has as many plastic
// synapses as the first one, or all of its own. For 784(+1)-200-10 this is
// p_2 = min(78.4 p_1, 1), as in van Rossum & Pache 2024, rules 2020 and 104.
type Share struct {
	P       []float64 `key:"p" doc:"share of a layer's synapses that may change, layer by layer (one number: of every layer)" in:"[0,1]"`
	Balance bool      `key:"balance" doc:"p is the first layer's; the others get min(p·n_1/n, 1) of their n weights, so that as many may change"`
}

// Validate implements schema's check of fields against each other.
func (s *Share) Validate() error {
	if len(s.P) == 0 {
		return schema.Fieldf("p", "is empty; want one number, or one for each layer")
	}
	if s.Balance && len(s.P) > 1 {
		return schema.Fieldf("balance", "follows from the first layer's p, and p has %d numbers", len(s.P))
	}
	return nil
}

// Of returns the share of each layer of a network. It fails if the number of shares
// does not fit the number of layers.
func (s *Share) Of(net Network) ([]float64, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	shares, err := PerLayer("p", s.P, len(net.Layers))
	if err != nil || !s.Balance {
		return shares, err
	}
	for l, layer := range net.Layers[1:] {
		if n := layer.variable(); n > 0 {
			shares[l+1] = min(shares[0]*net.Layers[0].variable()/n, 1)
		} else {
			shares[l+1] = 1
		}
	}
	return shares, nil
}

// variable returns the number of a layer's weights from units that are not constant.
func (l Layer) variable() float64 {
	return float64(l.Weights()) - float64(l.Constant)*float64(l.Out)
}

// PerLayer returns a setting's number for each layer, as a new slice. A single number
// applies to every layer. It fails if there are neither one nor layers numbers.
func PerLayer(key string, numbers []float64, layers int) ([]float64, error) {
	if len(numbers) != 1 && len(numbers) != layers {
		return nil, schema.Fieldf(key, "%d numbers for %d layers of synapses; want one, or one for each", len(numbers), layers)
	}
	all := make([]float64, layers)
	for l := range all {
		all[l] = numbers[min(l, len(numbers)-1)]
	}
	return all, nil
}
