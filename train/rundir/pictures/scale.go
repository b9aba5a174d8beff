package pictures

import (
	"image/color"
	"math"
)

// scale says which colours stand for the numbers from low to high.
type scale struct {
	low, high float64
	of        func(share float64) color.NRGBA // of 0 for low to 1 for high
}

// Okabe and Ito's blue, vermilion and purple, which colour-blind readers can tell apart.
var (
	blue      = color.NRGBA{0, 114, 178, 255}
	vermilion = color.NRGBA{213, 94, 0, 255}
	purple    = color.NRGBA{204, 121, 167, 255}
	black     = color.NRGBA{0, 0, 0, 255}
	white     = color.NRGBA{255, 255, 255, 255}
)

// colour returns the colour of a number; purple: it is none.
func (s scale) colour(x float64) color.NRGBA {
	if math.IsNaN(x) {
		return purple
	}
	return s.of(min(max((x-s.low)/(s.high-s.low), 0), 1))
}

// diverging is the scale of numbers of both signs: blue below 0, which is white, and vermilion
// above. It reaches as far as the largest does.
func diverging(tiles [][]float64) scale {
	low, high := extremes(tiles)
	reach := max(-low, high)
	if !(reach > 0) {
		reach = 1
	}
	return scale{-reach, reach, func(share float64) color.NRGBA {
		if share < 0.5 {
			return between(white, blue, 1-2*share)
		}
		return between(white, vermilion, 2*share-1)
	}}
}

// ink is the scale of means of units: white to black, from 0 to 1 where all of them are there.
func ink(tiles [][]float64) scale {
	low, high := extremes(tiles)
	if low >= 0 && high <= 1 || !(low < high) {
		low, high = 0, 1
	}
	return scale{low, high, func(share float64) color.NRGBA { return between(white, black, share) }}
}

// extremes returns the least and the largest of all finite numbers; +Inf and -Inf if there are
// none.
func extremes(tiles [][]float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, tile := range tiles {
		for _, x := range tile {
			if !math.IsNaN(x) && !math.IsInf(x, 0) {
				low, high = min(low, x), max(high, x)
			}
		}
	}
	return low, high
}

// between mixes two colours.
func between(from, to color.NRGBA, share float64) color.NRGBA {
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + share*(float64(y)-float64(x)))) }
	return color.NRGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255}
}
