package schema

import (
	"math"
	"strconv"
	"strings"
)

// An interval is a set of numbers between two ends, written as in (0,1] or
// [0,inf). An infinite end that is closed contains infinity.
type interval struct {
	text              string
	low, high         float64
	openLow, openHigh bool
}

// parseInterval reads the tag in; a malformed one is the programmer's mistake.
func parseInterval(text string) *interval {
	if len(text) < 5 || !strings.ContainsAny(text[:1], "([") || !strings.ContainsAny(text[len(text)-1:], ")]") {
		panic(panicInterval)
	}
	low, high, found := strings.Cut(text[1:len(text)-1], ",")
	i := &interval{text: text, openLow: text[0] == '(', openHigh: text[len(text)-1] == ')'}
	var err1, err2 error
	i.low, err1 = strconv.ParseFloat(strings.TrimSpace(low), 64)
	i.high, err2 = strconv.ParseFloat(strings.TrimSpace(high), 64)
	if !found || err1 != nil || err2 != nil || math.IsNaN(i.low) || math.IsNaN(i.high) || i.low > i.high {
		panic(panicInterval)
	}
	return i
}

// contains says whether x lies in the interval; nil contains every number.
func (i *interval) contains(x float64) bool {
	if i == nil {
		return true
	}
	above := x > i.low || x == i.low && !i.openLow
	below := x < i.high || x == i.high && !i.openHigh
	return above && below
}
