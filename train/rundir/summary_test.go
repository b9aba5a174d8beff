package rundir

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// A goal is written with the digits that it was asked for with.
func TestGoal(t *testing.T) {
	for n := 1; n <= 10000; n++ {
		percent := fmt.Sprintf("%d.%02d", n/100, n%100)
		want := strings.TrimSuffix(strings.TrimRight(percent, "0"), ".") + " %"
		accuracy, err := strconv.ParseFloat(fmt.Sprintf("%d.%04d", n/10000, n%10000), 64)
		if err != nil {
			t.Fatal(err)
		}
		if got := Goal(accuracy); got != want {
			t.Fatalf("%v: %s, want %s", accuracy, got, want)
		}
	}
	if got := Goal(0.9999999); got != "99.99999 %" {
		t.Error(got)
	}
}
