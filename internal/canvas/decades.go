package canvas

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
)

// Logarithmic makes an axis logarithmic, with a little room on both sides of what is drawn, which
// is above 0.
func Logarithmic(axis *plot.Axis, low, high float64) {
	room := max(math.Pow(high/low, 0.04), 1.05)
	axis.Min, axis.Max = max(low/room, math.SmallestNonzeroFloat64), min(high*room, math.MaxFloat64)
	axis.Scale, axis.Tick.Marker = plot.LogScale{}, decades{}
}

// decades ticks a logarithmic axis so that at least three ticks have labels, on
// powers of ten alone where there are enough of those.
type decades struct{}

var _ plot.Ticker = decades{}

// labelled are the multiples of a power of ten that get a label, from as few as
// possible to all.
var labelled = [][]int{{1}, {1, 3}, {1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	for _, multiples := range labelled {
		if ticks, labels := logTicks(low, high, multiples); labels >= 3 {
			return ticks
		}
	}
	return plot.DefaultTicks{}.Ticks(low, high) // less than two steps of a decade: as good as linear
}

// logTicks ticks all multiples of powers of ten and labels some.
func logTicks(low, high float64, multiples []int) (ticks []plot.Tick, labels int) {
	for power := int(math.Floor(math.Log10(low))); math.Pow10(power) <= high; power++ {
		for m := 1; m <= 9; m++ {
			tick := plot.Tick{Value: float64(m) * math.Pow10(power)}
			if tick.Value < low || tick.Value > high {
				continue
			}
			if slices.Contains(multiples, m) {
				tick.Label = tickLabel(m, power)
				labels++
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks, labels
}

// tickLabel writes m·10^power as in 3000 or 3e6.
func tickLabel(m, power int) string {
	if power >= -2 && power < 5 {
		return strconv.FormatFloat(float64(m)*math.Pow10(power), 'f', max(0, -power), 64)
	}
	return strconv.Itoa(m) + "e" + strconv.Itoa(power)
}
