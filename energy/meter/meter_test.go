package meter

import (
	"slices"
	"testing"
)

// withKinds puts other kinds in the place of the machine's.
func withKinds(t *testing.T, some ...kind) {
	t.Helper()
	before := kinds
	t.Cleanup(func() { kinds = before })
	kinds = nil
	for _, k := range some {
		register(k)
	}
}

// Auto takes what suits the run and says what is missing; a kind asked for by
// name has to be there.
func TestOpen(t *testing.T) {
	kindOf := func(name string, err error, gpuOnly bool) kind {
		return kind{
			name: name,
			open: func(string) ([]Counter, []string, error) {
				if err != nil {
					return nil, nil, err
				}
				return []Counter{{Kind: name, Name: "counter"}}, []string{name + ": a note"}, nil
			},
			suits: func(gpu string) bool { return gpu != "" || !gpuOnly },
		}
	}
	withKinds(t, kindOf("nvml", ErrNoHardware, true), kindOf("rapl", nil, false))
	for _, c := range []struct {
		name, gpu string
		counters  []string
		missing   []string
		says      string
	}{
		{"auto", "", []string{"rapl: counter"}, []string{"rapl: a note"}, ""},
		{"auto", "A100", []string{"rapl: counter"}, []string{"rapl: a note", "not on this machine"}, ""},
		{"rapl", "A100", []string{"rapl: counter"}, []string{"rapl: a note"}, ""},
		{"none", "A100", nil, nil, ""},
		{"nvml", "A100", nil, nil, "not on this machine"},
		{"wattmeter", "", nil, nil, `unknown meter "wattmeter" (meters: auto, none, rapl, nvml)`},
	} {
		m, err := Open(c.name, c.gpu)
		if c.says != "" {
			says(t, err, c.says)
			continue
		}
		if err != nil {
			t.Errorf("%s, GPU %q: %v", c.name, c.gpu, err)
			continue
		}
		var counters []string
		for _, counter := range m.Counters {
			counters = append(counters, counter.String())
		}
		if !slices.Equal(counters, c.counters) || !slices.Equal(m.Missing, c.missing) {
			t.Errorf("%s, GPU %q: counters %q, missing %q, want %q, %q", c.name, c.gpu, counters, m.Missing, c.counters, c.missing)
		}
	}
}

// A meter without counters says why, and does not measure.
func TestNoCounters(t *testing.T) {
	for want, m := range map[string]Meter{
		"no meter was asked for":      {},
		"rapl: denied; nvml: nothing": {Missing: []string{"rapl: denied", "nvml: nothing"}},
	} {
		w := m.Window()
		w.Resume()
		r, err := w.Reading()
		if r != nil {
			t.Errorf("%+v", r)
		}
		says(t, err, want)
	}
}

// Every machine has meters, or reasons.
func TestThisMachine(t *testing.T) {
	for _, f := range Survey() {
		t.Logf("%s: %q, notes %q, %v", f.Kind, f.Counters, f.Notes, f.Err)
		if (f.Counters == "") != (f.Err != nil) {
			t.Errorf("%s: counters %q, error %v", f.Kind, f.Counters, f.Err)
		}
	}
	for _, gpu := range []string{"", "a card that nobody has"} {
		m, err := Open("auto", gpu)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Counters) == 0 && len(m.Missing) == 0 {
			t.Errorf("GPU %q: nothing measures, and nothing says why", gpu)
		}
	}
}
