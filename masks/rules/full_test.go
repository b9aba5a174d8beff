package rules

import (
	"testing"

	"ergon/masks"
)

// What full says by its capabilities is every synapse. It keeps all of every array, so
// that no update asks, and no other test.
func TestFullIsEverySynapse(t *testing.T) {
	m, err := (&Full{}).New(masks.Network{}, 0, "")
	if err != nil {
		t.Fatal(err)
	}
	s := &masks.Synapses{In: 3, Out: 2}
	if units := m.(masks.DrawnAhead).Units(s); units != nil {
		t.Errorf("units %v, want nil, which is all", units)
	}
	if set, ok := m.(masks.DeviceMask).DeviceSet(s).(masks.KeepUnits); !ok || !set.All() {
		t.Errorf("device set %+v, want all units", m.(masks.DeviceMask).DeviceSet(s))
	}
}
