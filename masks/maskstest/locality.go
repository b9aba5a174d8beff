package maskstest

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/reference"
)

// checkLocality checks what a kind says of its locality: of one that says Alone, no synapse learns of
// another; one that says nothing is refused by its name, a setting with which it is neither by its own.
func checkLocality(t *testing.T, stage string, kind schema.Kind) {
	rule, err := Decode(map[string]any{stage: kind.Name})
	if err != nil {
		t.Fatal(err)
	}
	_, err = rule.Locality()
	var refused *schema.Error
	switch {
	case err == nil:
	case !refusesLocality(err, stage, kind.Name):
		t.Errorf("a kind that is not local: error %v, want a *schema.Error of rule.%s that names %s or a setting", err, stage, kind.Name)
	case errors.As(err, &refused) && strings.HasSuffix(refused.Path, ".kind"):
		return // whatever its settings
	}
	checkSome(t, func(t *rapid.T) {
		net := masks.Network{Layers: []masks.Layer{{In: rapid.IntRange(2, 40).Draw(t, "synapses"), Out: 1}}, Classes: Classes, InputPower: 3}
		rule, ok := drawLocal(t, stage, kind, net)
		if !ok {
			return // the kind is for other networks
		}
		locality, err := rule.Locality()
		switch {
		case err != nil && !refusesLocality(err, stage, kind.Name):
			t.Fatalf("locality: %v, want a *schema.Error of rule.%s that names %s or a setting", err, stage, kind.Name)
		case err == nil && locality == masks.Alone:
			if err := CheckAlone(&rule, net, rapid.Uint64().Draw(t, "seed")); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// refusesLocality reports whether an error says that a kind is not local: by its name, or by a setting of it.
func refusesLocality(err error, stage, kind string) bool {
	var field *schema.Error
	if !errors.As(err, &field) || !strings.HasPrefix(field.Path, "rule."+stage) {
		return false
	}
	return !strings.HasSuffix(field.Path, ".kind") || strings.Contains(field.Problem, kind)
}

// drawLocal draws a rule that has a kind in a stage; ok is false if none of many fits the network.
func drawLocal(t *rapid.T, stage string, kind schema.Kind, net masks.Network) (rule masks.Rule, ok bool) {
	for range 20 {
		tree := map[string]any{stage: drawSettings(t, kind, net)}
		if rule, err := Decode(tree); err == nil && fits(rule, net) {
			return rule, true
		}
	}
	return rule, false
}

// CheckAlone returns an error if a rule, for a network of one layer, changes a synapse otherwise because another one
// has another weight and other gradients.
func CheckAlone(rule *masks.Rule, net masks.Network, seed uint64) error {
	var trained [2][][]float32
	other := int(seed % uint64(net.Layers[0].In))
	for run := range trained {
		u, err := reference.NewUpdater(*rule, net, seed)
		if err != nil {
			return err
		}
		parameters := Parameters(net.Layers, seed)
		p := parameters[0].(Parameter)
		stream := philox.New(seed, "test/locality")
		for step := range uint64(8) {
			for i := range p.Gradient() {
				p.Gradient()[i] = float32(stream.Normal(step, uint64(i)))
			}
			if run == 1 {
				p.Gradient()[other] = float32(50 * stream.Normal(step+1<<40, 0))
				if step == 0 {
					p.Weights()[other] = 30
				}
			}
			if err := u.Step(parameters); err != nil {
				return err
			}
			trained[run] = append(trained[run], Weights(parameters)[0])
		}
	}
	for step := range trained[0] {
		for i, w := range trained[0][step] {
			if now := trained[1][step][i]; i != other && math.Float32bits(w) != math.Float32bits(now) {
				return fmt.Errorf("synapse %d learns of synapse %d in step %d: %v instead of %v", i, other, step, now, w)
			}
		}
	}
	return nil
}
