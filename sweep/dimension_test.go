package sweep

import (
	"math"
	"strconv"
	"testing"
)

// Draws lie in their range, and every value comes up.
func TestDimensions(t *testing.T) {
	seen := map[string]int{}
	below := 0
	for i := range 300 {
		seen[Dimension{Path: "a", Values: []string{"1", "2", "3"}}.draw(i)]++
		x := Dimension{Path: "b", From: 0.01, To: 1}.draw(i)
		if len(x) > len("0.0123") || x < "0.01" && x != "1" {
			t.Errorf("drew %s of 0.01 to 1", x)
		}
		if x < "0.1" {
			below++
		}
	}
	if len(seen) != 3 || seen["1"] < 60 || seen["2"] < 60 || seen["3"] < 60 {
		t.Errorf("values came up %v times", seen)
	}
	if below < 110 || below > 190 { // half of the decades; 150 ± 9
		t.Errorf("%d of 300 draws of 0.01 to 1 are below 0.1", below)
	}
}

// Rounding to three digits does not leave the range, and its ends may be as far
// apart as numbers can be.
func TestDrawsStayInRange(t *testing.T) {
	for _, d := range []Dimension{
		{Path: "a", From: 0.01236, To: 0.01238},
		{Path: "b", From: 0.12345, To: 0.12345},
		{Path: "c", From: 1e-300, To: 1e300},
		{Path: "d", From: 5e-324, To: math.MaxFloat64},
	} {
		for i := range 50 {
			if x, err := strconv.ParseFloat(d.draw(i), 64); err != nil || x < d.From || x > d.To {
				t.Errorf("drew %s of %g to %g", d.draw(i), d.From, d.To)
			}
		}
	}
}

// Between whole numbers whole numbers are drawn, k with probability
// ln((k+1)/k)/ln 6 of 1 to 5: 1 in 0.387 of 600 draws, 5 in 0.102; deviations
// are 12 and 7.
func TestWholeDraws(t *testing.T) {
	for text, whole := range map[string]bool{"[1, 5]": true, "[1.0, 5]": false} {
		b := parse(t, small+"tune: {rungs: 0.6, search: {rule.error.k: "+text+"}}\n")
		seen := map[string]int{}
		for i := range 600 {
			seen[b.Tune.Search[0].draw(i)]++
		}
		if !whole {
			if len(seen) < 100 {
				t.Errorf("of %s only %v were drawn", text, seen)
			}
			continue
		}
		if len(seen) != 5 || math.Abs(float64(seen["1"])-232) > 48 || math.Abs(float64(seen["5"])-61) > 30 {
			t.Errorf("of %s %v were drawn", text, seen)
		}
	}
	if got := (Dimension{Path: "a", From: 123456, To: 123456, Whole: true}).draw(0); got != "123456" {
		t.Errorf("drew %s of 123456 to 123456", got)
	}
}
