package train

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/internal/race"
	"ergon/internal/schema"
	"ergon/masks"
)

// stages are the kinds of each stage of a rule, by config key, as they are registered.
func stages() map[string][]schema.Kind {
	return map[string][]schema.Kind{
		"rule.gate": masks.Gates.Kinds(), "rule.error": masks.Errors.Kinds(), "rule.mask": masks.Masks.Kinds(),
		"rule.clip": masks.Clips.Kinds(), "rule.optimizer": masks.Optimizers.Kinds(),
		"rule.cache": masks.Caches.Kinds(), "rule.synapse": masks.SynapseKinds.Kinds(), "rule.project": masks.Projects.Kinds(),
		"rule.optimizer.schedule": masks.Schedules.Kinds(),
	}
}

// eachKind runs a test for each registered kind of some stages, at its defaults.
func eachKind(t *testing.T, of []string, test func(t *testing.T, setting string)) {
	t.Helper()
	for _, stage := range of {
		for _, kind := range stages()[stage] {
			setting := stage + "=" + kind.Name
			t.Run(setting, func(t *testing.T) {
				r, err := New(load(t, tiny, setting))
				if refused := (*schema.Error)(nil); errors.As(err, &refused) {
					t.Skip(err) // its defaults are not for this network, or do not go with this rule
				}
				if err != nil {
					t.Fatal(err)
				}
				r.Close()
				test(t, setting)
			})
		}
	}
}

// updating are the stages that say which update is made of a gradient.
var updating = []string{"rule.mask", "rule.clip", "rule.optimizer", "rule.optimizer.schedule"}

// The ledger of every kind of update is what a recount finds. At batch 1 gradients have
// the same bits whichever part of them a mask has computed.
func TestLedgerOfEveryKind(t *testing.T) {
	eachKind(t, append(slices.Clone(updating), "rule.cache"), func(t *testing.T, setting string) { recount(t, []string{setting, "train.batch=1"}) })
}

// A step of any kind of rule allocates nothing, once buffers have grown.
func TestStepOfEveryKindAllocatesNothing(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	all := []string{"rule.gate", "rule.error", "rule.mask", "rule.clip", "rule.optimizer", "rule.cache", "rule.synapse", "rule.project", "rule.optimizer.schedule"}
	if len(all) != len(stages()) {
		t.Error("a stage is left out")
	}
	eachKind(t, all, func(t *testing.T, setting string) {
		r := begin(t, load(t, tiny, setting, "data.train=104"))
		for range 60 {
			advance(t, r)
		}
		if n := testing.AllocsPerRun(100, func() { advance(t, r) }); n >= 1 {
			t.Errorf("%v allocations per step", n)
		}
	})
}

// Every kind of update has a kernel, and is then the same on a device, or is refused.
func TestEveryKindOnADevice(t *testing.T) {
	testdevice.Use(t)
	eachKind(t, updating, func(t *testing.T, setting string) {
		_, err := New(load(t, tiny, "engine.device=gpu", setting))
		if err != nil {
			if !strings.Contains(err.Error(), "kernel") {
				t.Errorf("error %v, want one that says that there is no kernel", err)
			}
			return
		}
		compareOnDevice(t, []string{setting})
	})
}
