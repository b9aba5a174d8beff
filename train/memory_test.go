package train

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
	"ergon/train/rundir"
)

// silent is plain descent that does not say what it remembers.
type silent struct {
	rules.SGD
}

func init() {
	masks.Optimizers.Register("silent", schema.Doc{Summary: "sgd that does not say what it remembers"},
		func() masks.OptimizerSpec { return &silent{rules.SGD{LearningRate: 0.1}} })
}

// New implements OptimizerSpec.
func (s *silent) New(net masks.Network, seed uint64, name string) (masks.Optimizer, error) {
	o, err := s.SGD.New(net, seed, name)
	return struct{ masks.Optimizer }{o}, err
}

// memoryOf trains a run and returns its summary and what its JSON says of memory: of all
// layers, of the first one, and of the operations of a presentation.
func memoryOf(t *testing.T, settings ...string) (s *rundir.Summary, memory [3]any) {
	t.Helper()
	s, err := begin(t, load(t, tiny, append(settings, "energy.prices=[horowitz45nm, landauer300K, unit]")...)).Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	type update struct {
		Memory any `json:"memory"`
	}
	var read struct {
		Energy struct {
			update
			Layers []struct {
				Update update `json:"update"`
			} `json:"layers"`
		} `json:"energy"`
		Operations struct {
			Training struct {
				PerSample struct {
					Total struct {
						Update update `json:"update"`
					} `json:"total"`
				} `json:"per_sample"`
			} `json:"training"`
		} `json:"operations"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return s, [3]any{read.Energy.Memory, read.Energy.Layers[0].Update.Memory, read.Operations.Training.PerSample.Total.Update.Memory}
}

// Updates by a kind that does not say what it reads and writes of its memory have no
// price, for this reason, with tables that charge for memory.
func TestUndeclaredMemoryHasNoPrice(t *testing.T) {
	s, memory := memoryOf(t, "rule.optimizer=silent")
	if memory != [3]any{} {
		t.Errorf("what is not known is %v, want null", memory)
	}
	priced := s.Energy.JoulesModel
	why := priced["horowitz45nm"].Unpriced["update"]
	if priced["horowitz45nm"].Update != nil || !strings.Contains(why, "rule.optimizer silent") {
		t.Errorf("update has a price, or none for the reason %q", why)
	}
	if priced["horowitz45nm"].Backward == nil || priced["landauer300K"].Update == nil || *priced["unit"].Update != float64(s.Energy.M0) {
		t.Error("what is not charged for memory has no price")
	}
}

// Memory is priced like weights: an update by momentum reads and writes a weight and a
// velocity where the mask keeps a synapse, plain descent the weight alone.
func TestMemoryHasAPrice(t *testing.T) {
	for _, c := range []struct {
		setting string
		numbers int64 // that are read and written of each synapse kept
	}{{"rule.optimizer=sgd", 0}, {"rule.optimizer=momentum", 1}, {"rule.optimizer=adam", 2}} {
		s, _ := memoryOf(t, c.setting, "rule.mask=full")
		kept := int64(s.Parameters * s.Steps)
		m := s.Energy.Memory
		if m.Reads != c.numbers*kept || m.Writes != c.numbers*kept || !m.Known {
			t.Errorf("%s: %+v, want %d of each", c.setting, m, c.numbers*kept)
		}
		const add, access = 0.9e-12, 50e-12 // Horowitz 2014
		want := float64(s.Energy.M0)*(add+2*access) + float64(c.numbers*2*kept)*access
		if got := *s.Energy.JoulesModel["horowitz45nm"].Update; got < want*(1-1e-12) || got > want*(1+1e-12) {
			t.Errorf("%s: %g J, want %g", c.setting, got, want)
		}
	}
}

// A GPU does not count what masks keep: memory, and what changes of it, is known there if they keep all, or if
// nothing is remembered.
func TestMemoryOnADevice(t *testing.T) {
	testdevice.Use(t)
	for settings, known := range map[string]bool{
		"rule.mask=bernoulli rule.optimizer=sgd": true, "rule.mask=full rule.optimizer=adam": true,
		"rule.mask=bernoulli rule.optimizer=adam": false,
	} {
		host, _ := memoryOf(t, strings.Fields(settings)...)
		device, memory := memoryOf(t, append(strings.Fields(settings), "engine.device=gpu")...)
		beside := device.Energy.Accumulate
		if beside.Known != known || known && beside != host.Energy.Accumulate {
			t.Errorf("%s: %+v beside the weights, on the host %+v", settings, beside, host.Energy.Accumulate)
		}
		if device.Energy.Memory.Known != known || known && device.Energy.Memory != host.Energy.Memory || !known && memory != [3]any{} {
			t.Errorf("%s: memory %+v, on the host %+v", settings, device.Energy.Memory, host.Energy.Memory)
		}
		if why := device.Energy.JoulesModel["horowitz45nm"].Unpriced["update"]; known != (why == "") {
			t.Errorf("%s: update has no price because %q", settings, why)
		}
	}
}
