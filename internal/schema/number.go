package schema

import (
	"math"
	"reflect"
	"strings"
)

// exactFloat is the size below which every whole float64 is the number that was
// written: 9007199254740993.0 is read as 2^53.
const exactFloat = 1 << 53

// toInt returns v as an int64. A float that is whole, as 1e6, is accepted.
func toInt(v any) (int64, bool) {
	rv := reflect.ValueOf(v)
	switch {
	case rv.CanInt():
		return rv.Int(), true
	case rv.CanUint():
		return int64(rv.Uint()), rv.Uint() <= math.MaxInt64
	case rv.CanFloat():
		x := rv.Float()
		return int64(x), x == math.Trunc(x) && math.Abs(x) < exactFloat
	}
	return 0, false
}

// toUint returns v as a uint64; see toInt.
func toUint(v any) (uint64, bool) {
	if rv := reflect.ValueOf(v); rv.CanUint() {
		return rv.Uint(), true
	}
	x, ok := toInt(v)
	return uint64(x), ok && x >= 0
}

// toFloat returns v as a float64. Infinity may also be spelled as a string,
// since a command line gives inf unquoted. NaN is no setting.
func toFloat(v any) (float64, bool) {
	rv := reflect.ValueOf(v)
	switch {
	case rv.CanInt():
		return float64(rv.Int()), true
	case rv.CanUint():
		return float64(rv.Uint()), true
	case rv.CanFloat():
		return rv.Float(), !math.IsNaN(rv.Float())
	case rv.Kind() == reflect.String:
		return infinity(rv.String())
	}
	return 0, false
}

// isNumber says whether a value is of a type of numbers.
func isNumber(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.CanInt() || rv.CanUint() || rv.CanFloat()
}

// asFloat returns the nearest float64 of a number.
func asFloat(v any) float64 {
	x, _ := toFloat(v)
	return x
}

// infinity reads the spellings of ±∞.
func infinity(text string) (float64, bool) {
	text, minus := strings.CutPrefix(text, "-")
	if !minus {
		text = strings.TrimPrefix(text, "+")
	}
	switch strings.ToLower(text) {
	case "inf", ".inf", "∞":
		if minus {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	return 0, false
}
