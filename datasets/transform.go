package datasets

import (
	"maps"
	"math"
	"slices"

	"ergon/internal/schema"
)

// transform maps the pixels of a set, bytes 0 … 255, to network inputs.
// Exactly one of value, scaled and draw is set.
type transform struct {
	// value is the input of byte b, where it depends on nothing else.
	value func(b float64) float64
	// scaled is the input of byte b, where it depends on the pixels of the set, too.
	scaled func(b float64, s standard) float64
	// draw returns what makes the inputs of a set where the training pixels are known.
	draw func(train []byte, inputs int, seed uint64) func(set string, pixels []byte) rows
	// margin makes targets margin and 1-margin instead of 0 and 1.
	margin float32
}

// transforms holds the transforms by name; the tag of Images.Transform lists
// the same names.
var transforms = map[string]transform{
	// pixels in [0, 1]
	"unit": {value: func(b float64) float64 { return b / 255 }},
	// zero mean, unit variance over the training pixels
	"standard": {scaled: func(b float64, s standard) float64 { return (b/255 - s.mean) / s.deviation }},
	// 0 or 1: MNIST as Melchior, Fischer & Wiskott (JMLR 17(99), 2016) learn it, and PyDeep
	"binary": {value: func(b float64) float64 {
		if b/255 < 0.5 {
			return 0
		}
		return 1
	}},
	// pixels in [0.01, 1], targets 0.01 and 0.99, which sigmoid outputs can reach:
	// Li & van Rossum 2020, eLife 9:e50804
	"li2020":        {value: func(b float64) float64 { return 0.01 + 0.99*b/255 }, margin: 0.01},
	"vanrossum2024": {draw: vanRossum2024},
}

// Transforms returns the names of the transforms, sorted.
func Transforms() []string { return slices.Sorted(maps.Keys(transforms)) }

// after returns what makes the inputs of a set, by its name (train, validation or test)
// and pixels, where a network learns from the pixels train and no others. known are the
// mean and deviation of those where they are published, else nil.
func (t transform) after(train []byte, inputs int, seed uint64, known *standard) (func(set string, pixels []byte) rows, error) {
	value := t.value
	switch {
	case t.draw != nil:
		return t.draw(train, inputs, seed), nil
	case t.scaled != nil:
		s := known
		if s == nil {
			s = standardOf(train)
		}
		if s.deviation == 0 {
			return nil, schema.Fieldf("transform", "all pixels of the training images are equal, so no scale gives them unit variance")
		}
		value = func(b float64) float64 { return t.scaled(b, *s) }
	}
	p := newPalette(value)
	return func(_ string, pixels []byte) rows { return &byteRows{pixels, inputs, p} }, nil
}

// standard are the mean and the standard deviation of pixels, as numbers from 0 to 1.
type standard struct{ mean, deviation float64 }

// standardOf adds up integers, so that it is the same on every machine.
func standardOf(pixels []byte) *standard {
	var counts [256]uint64
	for _, b := range pixels {
		counts[b]++
	}
	var sum, squares uint64
	for b, n := range counts {
		sum, squares = sum+n*uint64(b), squares+n*uint64(b)*uint64(b)
	}
	n := float64(len(pixels))
	mean := float64(sum) / n
	return &standard{mean / 255, math.Sqrt(max(0, float64(squares)/n-mean*mean)) / 255}
}

// StandardSince says whether the inputs of a Spec are made by transform standard from the
// pixels of its own set, which versions that did not record their data took those of
// MNIST for.
func StandardSince(spec Spec) bool {
	s, ok := spec.(interface{ imageSettings() Images })
	_, isMNIST := spec.(MNIST)
	return ok && !isMNIST && s.imageSettings().Transform == "standard"
}

func (s Images) imageSettings() Images { return s }
