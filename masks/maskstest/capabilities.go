package maskstest

import (
	"fmt"
	"strings"

	"ergon/masks"
)

// CapabilitiesOf returns the names of the optional interfaces of masks/capabilities.go
// that x implements.
func CapabilitiesOf(x any) (names []string) {
	add := func(name string, ok bool) {
		if ok {
			names = append(names, name)
		}
	}
	_, ok := x.(masks.GradientFree)
	add("GradientFree", ok)
	_, ok = x.(masks.DrawnAhead)
	add("DrawnAhead", ok)
	_, ok = x.(masks.UnitBlock)
	add("UnitBlock", ok)
	_, ok = x.(masks.Bitmask)
	add("Bitmask", ok)
	_, ok = x.(masks.RowPatterned)
	add("RowPatterned", ok)
	_, ok = x.(masks.DeviceMask)
	add("DeviceMask", ok)
	_, ok = x.(masks.Proportional)
	add("Proportional", ok)
	_, ok = x.(masks.Vectorized)
	add("Vectorized", ok)
	_, ok = x.(masks.DeviceOptimizer)
	add("DeviceOptimizer", ok)
	_, ok = x.(masks.WrittenOut)
	add("WrittenOut", ok)
	return names
}

// CapabilityTable returns a table of the capabilities of each registered mask, optimizer
// and cache, one kind in a line. Kinds without capabilities are left out.
func CapabilityTable() (string, error) {
	var table strings.Builder
	line := func(stage, kind string, x any) {
		if names := CapabilitiesOf(x); len(names) > 0 {
			fmt.Fprintf(&table, "%-9s  %-11s  %s\n", stage, kind, strings.Join(names, " "))
		}
	}
	net := masks.Network{Layers: []masks.Layer{{In: 4, Out: 3, Bias: true}, {In: 3, Out: 2, Bias: true}}, Classes: Classes}
	for _, kind := range masks.Masks.Kinds() {
		spec, _ := masks.Masks.New(kind.Name)
		m, err := spec.New(net, 1, "test")
		if err != nil {
			return "", err
		}
		line("mask", kind.Name, m)
	}
	for _, kind := range masks.Optimizers.Kinds() {
		spec, _ := masks.Optimizers.New(kind.Name)
		o, err := spec.New(net, 1, "test")
		if err != nil {
			return "", err
		}
		line("optimizer", kind.Name, o)
	}
	for _, kind := range masks.Caches.Kinds() {
		spec, _ := masks.Caches.New(kind.Name)
		line("cache", kind.Name, spec)
	}
	return table.String(), nil
}
