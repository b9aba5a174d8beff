package maskstest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"pgregory.net/rapid"

	"ergon/internal/schema"
	"ergon/masks"
)

// DrawNetwork draws a network that any rule may be for.
func DrawNetwork(t *rapid.T) masks.Network {
	layers := DrawLayers(t)
	if rapid.IntRange(0, 3).Draw(t, "normalised") == 0 { // all but the last, which is perhaps fixed
		for l := range layers[:len(layers)-1] {
			layers[l].Bias, layers[l].ScaleInvariant = false, true
		}
		layers[len(layers)-1].Fixed = rapid.Bool().Draw(t, "fixed")
	}
	switch rapid.IntRange(0, 7).Draw(t, "Boltzmann machine") {
	case 0, 1: // a restricted one: down again to the units that its weights come from
		first := layers[0]
		layers = []masks.Layer{first, {In: first.Out, Out: first.In, Bias: true, Tied: true}}
	case 2: // all of whose units are joined
		layers = []masks.Layer{Triangle(layers[0])}
	}
	return masks.Network{Layers: layers, Classes: Classes, InputPower: 3}
}

// Triangle returns the layer that joins the postsynaptic units of a layer to each other.
func Triangle(layer masks.Layer) masks.Layer {
	return masks.Layer{In: layer.Out, Out: layer.Out, Bias: layer.Bias, Triangular: true}
}

// DrawRule draws a rule of registered kinds, with settings that their tags and
// checks allow and that fit the network.
func DrawRule(t *rapid.T, net masks.Network) masks.Rule {
	for range 1000 {
		if rule, ok := drawRuleWith(t, net, "", schema.Kind{}); ok && fits(rule, net) {
			return rule
		}
	}
	t.Fatal(panicRefused)
	return masks.Rule{}
}

const panicRefused = "a thousand rules were drawn that their checks refuse: settings need tags (in, oneof) that say what is allowed"

// drawRuleWith draws a rule that has a kind in a stage. Half of the rules are plain but
// for their masks: these are the ones with fast ways. ok is false where checks refuse it.
func drawRuleWith(t *rapid.T, net masks.Network, stage string, kind schema.Kind) (rule masks.Rule, ok bool) {
	tree := map[string]any{}
	if rapid.Bool().Draw(t, "plain") {
		tree["optimizer"] = drawKind(t, "optimizer", proportional(), net)
	} else {
		for _, s := range Stages() {
			if s.Key == "synapse" && rapid.IntRange(0, 3).Draw(t, "synapse is drawn") > 0 {
				continue // noisy ones take longest to make
			}
			if s.Key != "mask" {
				tree[s.Key] = drawKind(t, s.Key, s.Kinds, net)
			}
		}
	}
	var list []any
	for range rapid.SampledFrom([]int{0, 1, 1, 2, 3}).Draw(t, "masks") {
		list = append(list, drawKind(t, "mask", kindsOf("mask"), net))
	}
	switch given := drawSettings(t, kind, net); stage {
	case "":
	case "mask":
		list = slices.Insert(list, rapid.IntRange(0, len(list)).Draw(t, "before"), any(given))
	default:
		tree[stage] = given
	}
	tree["mask"] = list
	rule, err := Decode(tree)
	return rule, err == nil
}

// Stage is a stage of a rule: its key below rule, and the kinds registered for it.
type Stage struct {
	Key   string
	Kinds []schema.Kind
}

// Stages returns the stages of a rule. It is asked after all kinds were registered.
var Stages = sync.OnceValue(func() []Stage {
	return []Stage{
		{"gate", masks.Gates.Kinds()},
		{"error", masks.Errors.Kinds()},
		{"mask", masks.Masks.Kinds()},
		{"clip", masks.Clips.Kinds()},
		{"optimizer", masks.Optimizers.Kinds()},
		{"cache", masks.Caches.Kinds()},
		{"project", masks.Projects.Kinds()},
		{"synapse", masks.SynapseKinds.Kinds()},
	}
})

// kindsOf returns the kinds of a stage.
func kindsOf(key string) []schema.Kind {
	for _, s := range Stages() {
		if s.Key == key {
			return s.Kinds
		}
	}
	panic("maskstest: there is no stage " + key)
}

// proportional returns the registered optimizers that are masks.Proportional.
var proportional = sync.OnceValue(func() (kinds []schema.Kind) {
	for _, kind := range kindsOf("optimizer") {
		spec, _ := masks.Optimizers.New(kind.Name)
		if o, err := spec.New(masks.Network{}, 0, "test"); err == nil {
			if _, ok := o.(masks.Proportional); ok {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
})

// Decode decodes settings over a rule that does nothing: plain descent.
func Decode(tree map[string]any) (masks.Rule, error) {
	sgd, ok := masks.Optimizers.New("sgd")
	if !ok {
		return masks.Rule{}, errors.New("no kinds are registered: import ergon/masks/rules")
	}
	rule := masks.Rule{
		Gate: masks.NoGate{}, Error: masks.FullError{}, Clip: masks.NoClip{}, Optimizer: sgd,
		Cache: masks.NoCache{}, Project: masks.NoProject{}, Synapse: masks.Deterministic{},
	}
	return rule, schema.Decode(tree, &rule, nil)
}

// fits says whether each stage can be made for a network. A fault that is not of
// the settings is for the caller to find.
func fits(rule masks.Rule, net masks.Network) bool {
	var refused schema.Errors
	_, err := rule.Limits(net)
	if _, e := rule.NewMasks(net, 0); err == nil {
		err = e
	}
	if _, e := rule.NewOptimizer(net, 0); err == nil {
		err = e
	}
	if _, e := rule.NewTransmission(net, 0, nil); err == nil {
		err = e
	}
	return err == nil || !Refused(err) && !errors.As(err, &refused)
}

// Refused says whether an error is about a setting: of a rule that cannot be had,
// and not of a rule that went wrong.
func Refused(err error) bool {
	var field *schema.Error
	return errors.As(err, &field)
}

// drawKind draws a kind and its settings.
func drawKind(t *rapid.T, stage string, kinds []schema.Kind, net masks.Network) map[string]any {
	return drawSettings(t, rapid.SampledFrom(kinds).Draw(t, stage), net)
}

// drawSettings draws the settings of a kind.
func drawSettings(t *rapid.T, kind schema.Kind, net masks.Network) map[string]any {
	tree := map[string]any{"kind": kind.Name}
	for _, f := range kind.Fields {
		if value := drawSetting(t, f, len(net.Layers)); value != nil {
			tree[f.Key] = value
		}
	}
	return tree
}

// drawSetting draws a value that a field's type and tags allow; nil leaves the default.
func drawSetting(t *rapid.T, f schema.Field, layers int) any {
	if rapid.IntRange(0, 3).Draw(t, f.Key+" as it is") == 0 {
		return nil
	}
	switch f.Type {
	case "bool":
		return rapid.Bool().Draw(t, f.Key)
	case "string":
		if f.Allowed == "" {
			return nil
		}
		return rapid.SampledFrom(strings.Split(f.Allowed, " | ")).Draw(t, f.Key)
	case "int":
		return drawInt(t, f)
	case "float":
		return drawFloat(t, f)
	case "list of int", "list of float":
		n := rapid.SampledFrom([]int{0, 1, 1, layers}).Draw(t, f.Key+" of")
		list := make([]any, n)
		for i := range list {
			if list[i] = drawFloat(t, f); f.Type == "list of int" {
				list[i] = drawInt(t, f)
			}
		}
		return list
	case "schedule":
		return drawSettings(t, rapid.SampledFrom(masks.Schedules.Kinds()).Draw(t, f.Key), masks.Network{Layers: make([]masks.Layer, layers)})
	}
	return nil
}

func drawInt(t *rapid.T, f schema.Field) int {
	low, high := bounds(f)
	return rapid.IntRange(int(max(low, -3)), int(min(high, max(low, -3)+5))).Draw(t, f.Key)
}

func drawFloat(t *rapid.T, f schema.Field) float64 {
	low, high := bounds(f)
	values := slices.DeleteFunc([]float64{0, 1e-4, 0.01, 0.3, 0.5, 0.9, 1, 3, low, high}, func(x float64) bool {
		return x < low || x > high || x == low && strings.HasPrefix(f.Allowed, "(") || x == high && strings.HasSuffix(f.Allowed, ")")
	})
	return rapid.SampledFrom(values).Draw(t, f.Key)
}

// bounds reads an interval such as (0,1]; without one, every number is allowed.
func bounds(f schema.Field) (low, high float64) {
	if f.Allowed == "" {
		return math.Inf(-1), math.MaxFloat32
	}
	ends := strings.Split(strings.Trim(f.Allowed, "()[]"), ",")
	if len(ends) != 2 {
		panic(fmt.Sprintf("maskstest: %s is no interval", f.Allowed))
	}
	var err1, err2 error
	low, err1 = strconv.ParseFloat(strings.TrimSpace(ends[0]), 64)
	high, err2 = strconv.ParseFloat(strings.TrimSpace(ends[1]), 64)
	if err1 != nil || err2 != nil {
		panic(fmt.Sprintf("maskstest: %s is no interval", f.Allowed))
	}
	return low, high
}
