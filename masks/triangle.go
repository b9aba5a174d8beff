package masks

// triangle is the mask of a network whose units are joined to each other, such as a Boltzmann
// machine. A synapse between two units has one place in the array, [i,j] with i < j; the
// others hold no synapse and may not change. It stands before the rule's own masks, so that
// these choose among synapses only.
type triangle struct{}

var (
	_ GradientFree = triangle{}
	_ DrawnAhead   = triangle{}
)

// newTriangle returns the mask of a network's triangular layers, in a list; none if no layer
// is triangular.
func newTriangle(net Network) []Mask {
	for _, layer := range net.Layers {
		if layer.Triangular {
			return []Mask{triangle{}}
		}
	}
	return nil
}

// Begin implements Mask.
func (triangle) Begin(*Step) error { return nil }

// KeepsAll implements Mask.
func (triangle) KeepsAll(s *Synapses) bool { return !s.Triangular }

// Select implements Mask.
func (triangle) Select(s *Synapses, lo, hi int, kept []int32) []int32 {
	for i := lo; i < hi; i++ {
		if i/s.Out < i%s.Out {
			kept = append(kept, int32(i))
		}
	}
	return kept
}

// GradientFree implements GradientFree.
func (triangle) GradientFree() {}

// Units implements DrawnAhead: all.
func (triangle) Units(*Synapses) []int32 { return nil }
