package main

import (
	"strings"
	"testing"

	"ergon/energy/meter"
)

func TestPrintMeasured(t *testing.T) {
	above, uncertain, idle := 50.0, 1.5, 20.0
	for want, m := range map[string]*meter.Reading{
		"": nil,
		"measured        123.5 ± 0.21 J in 4.0 s without evaluations, by rapl: package-0\n": {
			Joules: 123.456, Error: 0.21, Window: 4, Source: "rapl: package-0"},
		"measured        130 ± 1 J in 4.0 s without evaluations, by rapl: package-0\nabove idle      50 ± 1.5 J; 20 W while idle\n": {
			Joules: 130, Error: 1, Window: 4, Source: "rapl: package-0", AboveIdle: &above, ErrorAboveIdle: &uncertain, Baseline: &idle},
	} {
		var out strings.Builder
		if printMeasured(&out, m); out.String() != want {
			t.Errorf("printed\n%swant\n%s", out.String(), want)
		}
	}
}
