package rules

import (
	"strings"
	"testing"

	"ergon/masks"
)

// The account of a reserve, by hand: 10 at the start, 2 a presentation, 1 for a synapse and 4 for an
// amount of 1.
func TestReservePays(t *testing.T) {
	r := (&Reserve{Income: 2, CostM0: 1, CostM1: 4, Threshold: 5, Initial: 10}).NewReserve()
	opens := func() bool { return r.Opens(nil, nil) }
	if !opens() {
		t.Error("10 are less than 5")
	}
	r.Gain(3)
	if r.Pay([]masks.Change{{M0: 5, M1: 1}, {M0: 4, M1: 1}}) {
		t.Error("16 have paid for 17")
	}
	if !r.Pay([]masks.Change{{M0: 4, M1: 1}, {M0: 4, M1: 1}}) {
		t.Error("16 have not paid for 16")
	}
	if opens() {
		t.Error("opens with nothing")
	}
	r.Gain(2)
	if opens() {
		t.Error("opens with 4")
	}
	if r.Gain(1); !opens() {
		t.Error("is shut with 6")
	}
	if got, want := r.Balance(), (masks.Balance{Initial: 10, Income: 12, Spent: 16, Left: 6, Refused: 1}); got != want {
		t.Errorf("balance %+v, want %+v", got, want)
	}
}

// With misclassified a presentation that is right is not learned from, whatever there is.
func TestReserveOfTheMisclassified(t *testing.T) {
	right, wrong, target := []float32{0, 2}, []float32{2, 0}, []float32{0, 1}
	r := (&Reserve{Initial: 1, Misclassified: true}).NewReserve()
	if r.Opens(right, target) || !r.Opens(wrong, target) {
		t.Error("learns from what is right, or not from what is wrong")
	}
	for _, net := range []masks.Network{{Layers: []masks.Layer{{In: 2, Out: 3}}}, {Layers: []masks.Layer{{In: 2, Out: 1}}, Classes: 2}} {
		if err := (&Reserve{Misclassified: true}).Check(net); err == nil || !strings.Contains(err.Error(), "two or more classes") {
			t.Errorf("error %v of %+v", err, net)
		}
		if err := (&Reserve{}).Check(net); err != nil {
			t.Error(err)
		}
	}
}
