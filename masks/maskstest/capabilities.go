package maskstest

import (
	"fmt"
	"slices"
	"strings"

	"ergon/internal/schema"
	"ergon/masks"
)

// capabilities are the optional interfaces of masks/capabilities.go, masks/accumulator.go, masks/writes.go and masks/locality.go.
var capabilities = []struct {
	name    string
	offered func(x any) bool
}{
	{"GradientFree", offers[masks.GradientFree]},
	{"DrawnAhead", offers[masks.DrawnAhead]},
	{"UnitBlock", offers[masks.UnitBlock]},
	{"Bitmask", offers[masks.Bitmask]},
	{"RowPatterned", offers[masks.RowPatterned]},
	{"DeviceMask", offers[masks.DeviceMask]},
	{"Proportional", offers[masks.Proportional]},
	{"Watching", offers[masks.Watching]},
	{"Revocable", offers[masks.Revocable]},
	{"Sparse", offers[masks.Sparse]},
	{"Vectorized", offers[masks.Vectorized]},
	{"Remembering", offers[masks.Remembering]},
	{"DeviceOptimizer", offers[masks.DeviceOptimizer]},
	{"Accounted", offers[masks.Accounted]},
	{"WrittenOut", offers[masks.WrittenOut]},
	{"Accumulator", offers[masks.Accumulator]},
	{"Accumulating", offers[masks.Accumulating]},
	{"FactorLearner", offers[masks.FactorLearner]},
	{"GradientFormer", offers[masks.GradientFormer]},
	{"Seeded", offers[masks.Seeded]},
	{"WriteCounting", offers[masks.WriteCounting]},
	{"Local", offers[masks.Local]},
}

func offers[Capability any](x any) bool {
	_, ok := x.(Capability)
	return ok
}

// CapabilitiesOf returns the names of the optional interfaces that x implements.
func CapabilitiesOf(x any) (names []string) {
	for _, c := range capabilities {
		if c.offered(x) {
			names = append(names, c.name)
		}
	}
	return names
}

// CapabilityTable returns a table of the capabilities of each registered kind, one in a line. Kinds without capabilities are left out.
func CapabilityTable() (string, error) {
	var table strings.Builder
	line := func(stage, kind string, all ...any) {
		var names []string
		for _, x := range all {
			for _, name := range CapabilitiesOf(x) {
				if !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&table, "%-9s  %-11s  %s\n", stage, kind, strings.Join(names, " "))
		}
	}
	net := masks.Network{Layers: []masks.Layer{{In: 4, Out: 3, Bias: true}, {In: 3, Out: 2, Bias: true}}, Classes: Classes}
	for _, kind := range masks.Gates.Kinds() {
		spec, _ := masks.Gates.New(kind.Name)
		line("gate", kind.Name, spec)
	}
	for _, kind := range masks.Errors.Kinds() {
		spec, _ := masks.Errors.New(kind.Name)
		line("error", kind.Name, spec)
	}
	for _, kind := range masks.Clips.Kinds() {
		spec, _ := masks.Clips.New(kind.Name)
		line("clip", kind.Name, spec)
	}
	for _, kind := range masks.Projects.Kinds() {
		spec, _ := masks.Projects.New(kind.Name)
		line("project", kind.Name, spec)
	}
	for _, kind := range masks.Masks.Kinds() {
		spec, _ := masks.Masks.New(kind.Name)
		m, err := spec.New(net, 1, "test")
		if err != nil && !schema.IsField(err) { // a kind whose defaults are not for this network has no line
			return "", err
		}
		line("mask", kind.Name, m)
	}
	for _, kind := range masks.Optimizers.Kinds() {
		spec, _ := masks.Optimizers.New(kind.Name)
		o, err := spec.New(net, 1, "test")
		if err != nil && !schema.IsField(err) {
			return "", err
		}
		line("optimizer", kind.Name, o)
	}
	for _, kind := range masks.Caches.Kinds() {
		spec, _ := masks.Caches.New(kind.Name)
		line("cache", kind.Name, spec.New(masks.Arrays(net.Layers), nil), spec)
	}
	for _, kind := range masks.SynapseKinds.Kinds() {
		spec, _ := masks.SynapseKinds.New(kind.Name)
		sgd, _ := masks.Optimizers.New("sgd")
		transmission, err := spec.New(net, sgd, 1, nil)
		if err != nil && !schema.IsField(err) {
			return "", err
		}
		line("synapse", kind.Name, transmission)
	}
	return table.String(), nil
}
