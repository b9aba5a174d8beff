package main

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// within says what a flag's number, or each of its list, may be: none is accepted that
// does nothing, or something else than it says. want is that in words.
func within(f *pflag.FlagSet, name, want string, allowed func(x float64) bool) {
	flag := f.Lookup(name)
	flag.Value = numberFlagWithin{flag.Value, want, allowed}
}

// atLeast and between are for within.
func atLeast(low float64) func(float64) bool { return between(low, math.MaxFloat64) }

func between(low, high float64) func(float64) bool {
	return func(x float64) bool { return low <= x && x <= high }
}

// numberFlagWithin is a flag's value that has a range.
type numberFlagWithin struct {
	pflag.Value
	want    string
	allowed func(float64) bool
}

// Set implements pflag.Value.
func (n numberFlagWithin) Set(text string) error {
	if err := n.Value.Set(text); err != nil {
		return err
	}
	for element := range strings.SplitSeq(strings.Trim(n.String(), "[]"), ",") {
		x, err := strconv.ParseFloat(element, 64)
		if err != nil || math.IsNaN(x) || !n.allowed(x) {
			return errors.New("want " + n.want)
		}
	}
	return nil
}
