package rules

import (
	"math"

	"ergon/internal/schema"
	"ergon/masks"
)

// Lazy learns only from presentations that are misclassified (the largest output is
// another class's), or of which the network is unsure (the largest softmax probability
// of its output is below Threshold, whatever the loss). All other presentations
// contribute zero to the batch's gradient, which stays the mean over the whole batch. A
// batch that has none to learn from changes nothing, not even the optimizer's memory.
//
// Threshold 0 learns from errors only; above 1, from every presentation.
type Lazy struct {
	Threshold float64 `key:"threshold" doc:"learn also where the largest softmax probability is below; 0: only from errors, above 1: always" in:"[0,inf)"`
}

var _ masks.Gate = (*Lazy)(nil)

func init() {
	masks.Gates.Register("lazy", schema.Doc{
		Summary:    "update only on misclassified presentations, or unsure ones",
		Source:     "Pache & van Rossum 2023, arXiv 2303.16067",
		Definition: "Presentations that are kept out count as zero in the mean over the batch. A batch of which none is learned from is a shut step: it has no update, and no optimizer moves.",
	}, func() masks.Gate { return &Lazy{} })
}

// Check implements Gate: the data must have classes.
func (*Lazy) Check(net masks.Network) error {
	outputs := net.Layers[len(net.Layers)-1].Out
	switch {
	case net.Classes == 0:
		return schema.Fieldf("kind", "lazy learns from misclassified presentations, and real-valued targets have no classes; set none")
	case outputs < 2:
		return schema.Fieldf("kind", "lazy compares the outputs of the classes, and the network has %d output; set none", outputs)
	}
	return nil
}

// Always implements Gate.
func (*Lazy) Always() bool { return false }

// Opens implements Gate. The first of equal outputs counts as the largest, as in an
// evaluation.
func (l *Lazy) Opens(output, target []float32) bool {
	return largest(output) != largest(target) || l.Threshold > 0 && confidence(output) < l.Threshold
}

// largest returns the index of the largest entry, the first of equal ones.
func largest(y []float32) int {
	best := 0
	for i, v := range y {
		if v > y[best] {
			best = i
		}
	}
	return best
}

// confidence returns the largest softmax probability, at most 1.
func confidence(y []float32) float64 {
	top, sum := float64(y[largest(y)]), 0.0
	for _, v := range y {
		sum += math.Exp(float64(v) - top)
	}
	return 1 / sum
}
