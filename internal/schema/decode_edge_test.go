package schema

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeStopsAt20(t *testing.T) {
	err := Decode(map[string]any{"goals": make([]any, 1000)}, defaults(), nil)
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[19] != "goals[19]: has no value" || lines[20] != "at most 20 problems are listed" {
		t.Errorf("got:\n%v", err)
	}
}

// A tree that contains itself cannot come from YAML, but must end all the same.
func TestDecodeEndsOnCycle(t *testing.T) {
	cycle := map[string]any{"kind": "both"}
	cycle["of"] = []any{cycle, "full"}
	err := Decode(map[string]any{"rule": map[string]any{"mask": cycle}}, defaults(), nil)
	if err == nil || !strings.HasSuffix(err.Error(), ": is nested more than 64 levels deep") {
		t.Errorf("got %v", err)
	}
}

// Other readers give other Go types for the same settings.
func TestDecodeGoTypes(t *testing.T) {
	type word string
	got := defaults()
	err := Decode(map[any]any{
		"goals": []float32{0.5, 1}, "prices": []string{"loihi"}, "epochs": uint8(3), "offset": int16(-2),
		"name": word("w"), "model": map[string]int{"hidden": 4}, "seed": float32(8),
	}, got, nil)
	want := defaults()
	want.Goals, want.Prices, want.Epochs, want.Offset = []float64{0.5, 1}, []string{"loihi"}, 3, -2
	want.Name, want.Model.Hidden, want.Seed = "w", []int{4}, 8
	if diff := cmp.Diff(want, got, exact); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for value, want := range map[any]string{
		struct{}{}:       "name: want a string, got a value of type struct {}",
		time.Time{}:      "name: want a string, got a date",
		(*int)(nil):      "name: want a string, got a value of type *int",
		word("a")[0]:     `name: want a string, got 97; quote it: "97"`,
		[1]int{}:         "name: want a string, got a list",
		complex(1, 1):    "name: want a string, got a value of type complex128",
		any(time.Minute): `name: want a string, got 60000000000; quote it: "60000000000"`,
	} {
		err := Decode(map[string]any{"name": value}, defaults(), nil)
		if err == nil || err.Error() != want {
			t.Errorf("%T: got %v, want %s", value, err, want)
		}
	}
}

// Defaults may be shared between runs, so decoding must not write through them.
func TestDecodeLeavesDefaultsAlone(t *testing.T) {
	shared := []mask{&bernoulli{P: 0.25, Layers: []int{1, 2}}, &both{[]mask{full{}, subnet{1}}}}
	dst := &run{Rule: rule{Mask: shared}}
	err := Decode(tree(t, "rule: {mask: [{p: 0.5, layers: [3, 4]}, {of: [{}, {k: 2}]}]}"), dst, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []mask{&bernoulli{P: 0.25, Layers: []int{1, 2}}, &both{[]mask{full{}, subnet{1}}}}
	if diff := cmp.Diff(want, shared, exact); diff != "" {
		t.Errorf("defaults changed (-want +got):\n%s", diff)
	}
	want = []mask{&bernoulli{P: 0.5, Layers: []int{3, 4}}, &both{[]mask{full{}, subnet{2}}}}
	if diff := cmp.Diff(want, dst.Rule.Mask, exact); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

// Defaults are validated where the tree is silent.
func TestDecodeValidatesDefaults(t *testing.T) {
	dst := defaults()
	dst.Rule.Mask = []mask{full{}, subnet{13}}
	err := Decode(nil, dst, nil)
	if want := "rule.mask[1].k: 13 brings bad luck\nrule.mask[1]: no luck"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A union is a destination too, and so is a list of them.
func TestDecodeIntoUnion(t *testing.T) {
	var one mask
	if err := Decode("subnet", &one, nil); err != nil || one != (subnet{10}) {
		t.Errorf("got %v, %v", one, err)
	}
	var list []mask
	if err := Decode([]any{"full", "subnet"}, &list, nil); err != nil || !cmp.Equal(list, []mask{full{}, subnet{10}}) {
		t.Errorf("got %v, %v", list, err)
	}
}
