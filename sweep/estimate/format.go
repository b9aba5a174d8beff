package estimate

import (
	"fmt"
	"math"
	"strconv"
)

// String writes mean and interval with one power of ten, the mean's, as in
// 4.77 (4.61–4.93)e9. Without an interval, or where its ends are the mean to the
// digits that are told, there is only the mean, and nothing is a dash.
func (e *Estimate) String() string {
	if e == nil {
		return "–"
	}
	unit, suffix := scale(e.Mean)
	mean := digits(e.Mean / unit)
	if e.Lo == nil {
		return mean + suffix
	}
	lo, hi := digits(*e.Lo/unit), digits(*e.Hi/unit)
	if lo == mean && hi == mean {
		return mean + suffix
	}
	return fmt.Sprintf("%s (%s–%s)%s", mean, lo, hi, suffix)
}

// scale returns the power of ten that numbers of a size are told in.
func scale(size float64) (unit float64, suffix string) {
	if size == 0 || size >= 0.01 && size < 1e5 {
		return 1, ""
	}
	power := int(math.Floor(math.Log10(size)))
	return math.Pow10(power), "e" + strconv.Itoa(power)
}

// digits writes a number to three digits, or all of a larger one before the point.
func digits(x float64) string {
	if x >= 100 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
