package datasets

import (
	"maps"
	"slices"
)

// transform maps the pixels of a set, bytes 0 … 255, to network inputs.
// Exactly one of value and draw is set.
type transform struct {
	// value is the input of byte b, where it depends on nothing else.
	value func(b float64) float64
	// draw makes the inputs of both sets, where it does.
	draw func(train, test []byte, seed uint64) (trainRows, testRows []float32)
	// margin makes targets margin and 1-margin instead of 0 and 1.
	margin float32
}

// transforms holds the transforms by name; the tag of Images.Transform lists
// the same names.
var transforms = map[string]transform{
	// pixels in [0, 1]
	"unit": {value: func(b float64) float64 { return b / 255 }},
	// zero mean, unit variance over the training pixels of MNIST, as is customary;
	// also Malkin et al. 2024, eLife 12:RP92595
	"standard": {value: func(b float64) float64 { return (b/255 - 0.1307) / 0.3081 }},
	// pixels in [0.01, 1], targets 0.01 and 0.99, which sigmoid outputs can reach:
	// Li & van Rossum 2020, eLife 9:e50804
	"li2020":        {value: func(b float64) float64 { return 0.01 + 0.99*b/255 }, margin: 0.01},
	"vanrossum2024": {draw: vanRossum2024},
}

// Transforms returns the names of the transforms, sorted.
func Transforms() []string { return slices.Sorted(maps.Keys(transforms)) }

// apply returns the inputs of both sets.
func (t transform) apply(train, test []byte, inputs int, seed uint64) (trainRows, testRows rows) {
	if t.draw != nil {
		a, b := t.draw(train, test, seed)
		return &floatRows{a, inputs}, &floatRows{b, inputs}
	}
	p := newPalette(t.value)
	return &byteRows{train, inputs, p}, &byteRows{test, inputs, p}
}
