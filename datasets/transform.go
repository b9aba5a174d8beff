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
	// draw returns what makes the inputs of a set where the training pixels are known.
	draw func(train []byte, seed uint64) func(set string, pixels []byte) []float32
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

// after returns what makes the inputs of a set, by its name (train, validation or test)
// and pixels, where a network learns from the pixels train and no others.
func (t transform) after(train []byte, inputs int, seed uint64) func(set string, pixels []byte) rows {
	if t.draw != nil {
		draw := t.draw(train, seed)
		return func(set string, pixels []byte) rows { return &floatRows{draw(set, pixels), inputs} }
	}
	p := newPalette(t.value)
	return func(_ string, pixels []byte) rows { return &byteRows{pixels, inputs, p} }
}
