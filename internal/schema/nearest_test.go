package schema

import (
	"strconv"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	keys := []string{"p", "redraw", "biases", "layers", "lr", "momentum"}
	for word, want := range map[string]string{
		"prob": "p", "P": "p", "rdraw": "redraw", "redarw": "redraw", "bias": "biases", "layer": "layers",
		"Momentum": "momentum", "mometnum": "momentum", "rl": "lr", "lr_rate": "lr", "lt": "lr",
		"x": "", "": "", "width": "", "bernoulli": "", strings.Repeat("p", 65): "",
	} {
		if got, ok := nearest(word, keys); got != want || ok != (want != "") {
			t.Errorf("nearest(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3},
		{"kitten", "sitting", 3}, {"ab", "ba", 1}, {"step", "stepp", 1}, {"abcd", "acbd", 1},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestInterval(t *testing.T) {
	for text, cases := range map[string]map[string]bool{
		"(0,1]":      {"0": false, "1e-300": true, "1": true, "1.0000001": false},
		"[0, 1)":     {"0": true, "-0": true, "1": false, "0.5": true},
		"[0,inf)":    {"0": true, "1e300": true, "inf": false, "-1": false},
		"(0,inf]":    {"inf": true, "0": false},
		"(-inf,inf)": {"-inf": false, "3": true},
		"[-1,-1]":    {"-1": true, "0": false},
	} {
		i := parseInterval(text)
		for number, want := range cases {
			x, ok := infinity(number)
			if !ok {
				x = mustFloat(t, number)
			}
			if got := i.contains(x); got != want {
				t.Errorf("%s contains %s: %v, want %v", text, number, got, want)
			}
		}
	}
}

// An interval with one fault is refused, whichever it is.
func TestIntervalRefuses(t *testing.T) {
	for _, text := range []string{
		"", "(", "[1,]", "[,1]", "<0,1]", "[0,1>", "0,1", "[0;1]", "[a,1]", "[-1,b]", "[nan,1]", "[0,nan]", "[2,1]", "[0,1,2]",
	} {
		func() {
			defer func() {
				if got := recover(); got != panicInterval {
					t.Errorf("%q: panic %v, want %q", text, got, panicInterval)
				}
			}()
			parseInterval(text)
		}()
	}
}

func mustFloat(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
