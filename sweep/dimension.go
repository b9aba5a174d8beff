package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"ergon/internal/philox"
)

// Dimension is a setting that is searched: log-uniformly between two positive
// numbers, or among some values.
type Dimension struct {
	Path     string
	From, To float64
	Whole    bool     // both ends were written as whole numbers, and so is what is drawn
	Values   []string // YAML; if there are any, From and To do not count
	File     string
	Line     int
}

// String writes what is searched.
func (d Dimension) String() string {
	if len(d.Values) > 0 {
		return "{any: [" + strings.Join(d.Values, ", ") + "]}"
	}
	if d.Whole {
		return fmt.Sprintf("[%.0f, %.0f]", d.From, d.To)
	}
	return fmt.Sprintf("[%g, %g], not whole", d.From, d.To)
}

// draw returns the value of candidate number i.
func (d Dimension) draw(i int) string {
	x := philox.New(0, "tune/"+d.Path).Float64(0, uint64(i))
	switch n := len(d.Values); {
	case n > 0:
		return d.Values[min(int(x*float64(n)), n-1)]
	case d.Whole:
		return d.drawWhole(x)
	}
	return d.drawReal(x)
}

// drawReal maps x in [0,1) to the range, to three digits. It computes in
// logarithms, because To/From may exceed what a float64 holds.
func (d Dimension) drawReal(x float64) string {
	low, high := math.Log(d.From), math.Log(d.To)
	text := strconv.FormatFloat(math.Exp(low+x*(high-low)), 'g', 3, 64)
	rounded, _ := strconv.ParseFloat(text, 64)
	if inside := d.clamp(rounded); inside != rounded {
		return strconv.FormatFloat(inside, 'g', -1, 64)
	}
	return text
}

// drawWhole maps x in [0,1) to the whole numbers of the range: k is drawn with
// probability ∝ ln((k+1)/k), so that both ends have their share.
func (d Dimension) drawWhole(x float64) string {
	low, high := math.Log(d.From), math.Log(d.To+1)
	return strconv.FormatFloat(d.clamp(math.Floor(math.Exp(low+x*(high-low)))), 'f', 0, 64)
}

// clamp returns the number of the range that is nearest to x.
func (d Dimension) clamp(x float64) float64 { return min(max(x, d.From), d.To) }
