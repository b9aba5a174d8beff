package energy

import (
	"errors"
	"math"
	"testing"

	"ergon/internal/bounded/boundedtest"
	"ergon/internal/schema"
)

// FuzzPrices: whatever the text, it is a table of finite prices that are not negative, or
// problems with their lines.
func FuzzPrices(f *testing.F) {
	for _, name := range Tables() {
		text, err := tables.ReadFile("prices/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, seed := range []string{
		"", "{}", "mac: 1", "mac: -1", "mac: .inf", "mac: {price: 1, low: 2}", "joules_per_unit: 1e-300\nmac: 1e-300", "joules_per_unit: 1e300\nmac: 1e300",
		"charges: {forward: [mac, mac]}", "charges: {update: []}", "charges: mac", "mac: !!float 1", "mac: &a 1\nadd: *a", "name: ~", "mac: 0x10", "mac: 1_0",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const ofYAML = 2048 // bytes allocated for a byte of text: see package schema
		var table *Table
		var err error
		boundedtest.AtMost(t, ofYAML, len(text), func() { table, err = openText("fuzz.yaml", text) })
		if err != nil {
			if _, ok := errors.AsType[schema.Errors](err); !ok || table != nil || err.Error() == "" {
				t.Fatalf("table %v, error %T %v", table, err, err)
			}
			return
		}
		for event, p := range table.Prices {
			for _, x := range []*float64{p.Joules, p.Low, p.High} {
				if x != nil && (math.IsNaN(*x) || math.IsInf(*x, 0) || *x < 0) {
					t.Errorf("%s costs %v", event, *x)
				}
			}
		}
	})
}
