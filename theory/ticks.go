package theory

import (
	"strconv"

	"gonum.org/v1/plot"
)

// ShortTicks are gonum's default ticks, labelled with four digits or as many more as it takes
// for no two labels to be the same.
type ShortTicks struct{}

var _ plot.Ticker = ShortTicks{}

// Ticks implements plot.Ticker.
func (ShortTicks) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for digits := 4; digits <= 17 && !labelled(ticks, digits); digits++ {
	}
	return ticks
}

// labelled labels the major ticks with so many digits, and says whether they differ.
func labelled(ticks []plot.Tick, digits int) bool {
	seen := map[string]bool{}
	differ := true
	for i, tick := range ticks {
		if tick.IsMinor() {
			continue
		}
		label := strconv.FormatFloat(tick.Value, 'g', digits, 64)
		differ = differ && !seen[label]
		ticks[i].Label, seen[label] = label, true
	}
	return differ
}
