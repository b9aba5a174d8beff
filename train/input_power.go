package train

import "ergon/datasets"

// inputPower returns ⟨|x|²⟩, the mean squared length of an example's input, as it is presented;
// constant inputs that stand for biases are not in it.
func inputPower(s *datasets.Set) float64 {
	const rows = 256 // gathered at a time
	inputs, examples := s.Inputs(), make([]int32, 0, rows)
	x, sum := make([]float32, rows*inputs), 0.0
	for first := 0; first < s.Len(); first += rows {
		examples = examples[:0]
		for i := first; i < min(first+rows, s.Len()); i++ {
			examples = append(examples, int32(i))
		}
		s.Gather(examples, x, inputs, nil)
		for _, v := range x[:len(examples)*inputs] {
			sum += float64(v) * float64(v)
		}
	}
	return sum / float64(s.Len())
}
