package datasets

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"ergon/internal/schema"
	"ergon/internal/schema/schematest"
)

// Every registered set can hold training examples out, or says why not.
func TestEverySetHoldsOut(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		if !has(kind, "validation") {
			t.Errorf("%s has no setting validation: embed Images, Synthetic or Split", kind.Name)
			continue
		}
		if slices.Contains(allLearned, kind.Name) {
			if err := refusal(kind.Name, map[string]any{"validation": 1}); err == nil || !strings.Contains(err.Error(), "data.validation: nothing can be told") {
				t.Errorf("%s: error %v, want one that says why nothing is held out", kind.Name, err)
			}
			continue
		}
		settings := map[string]any{"dir": "d", "train": 40, "validation": 40}
		if !has(kind, "dir") {
			delete(settings, "dir")
		}
		if err := refusal(kind.Name, settings); err == nil || !strings.Contains(err.Error(), "data.validation: 40 examples held out of 40 leave none to learn from") {
			t.Errorf("%s: error %v, want one that says that nothing is left to learn from", kind.Name, err)
		}
		settings["validation"] = 39
		if err := refusal(kind.Name, settings); err != nil {
			t.Errorf("%s: one example is left to learn from, and the error is %v", kind.Name, err)
		}
	}
}

// refusal returns the error of settings of a kind.
func refusal(kind string, settings map[string]any) error {
	var s struct {
		Data Spec `key:"data"`
	}
	settings["name"] = kind
	return schema.Decode(map[string]any{"data": settings}, &s, nil)
}

// What is learned from, and the test set, are what they are without the examples that are
// held out, to the bit; those are the last ones, with their classes. So it is for all
// settings of every set, and all transforms.
func TestHeldOutIsNotLearned(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		if needsFiles(kind.Name) || slices.Contains(allLearned, kind.Name) {
			continue
		}
		base := map[string]any{"inputs": 12, "train": 40, "test": 25, "validation": 7}
		maps.DeleteFunc(base, func(key string, _ any) bool { return !has(kind, key) })
		settings := kind
		settings.Fields = slices.DeleteFunc(slices.Clone(kind.Fields), func(f schema.Field) bool {
			return slices.Contains([]string{"dir", "train", "validation", "test", "only"}, f.Key)
		})
		for _, v := range schematest.Of(t, Kinds, settings, base) {
			t.Run(v.Name, func(t *testing.T) { checkHeldOut(t, v.Value, true) })
			if !v.IsDefault() || !has(kind, "transform") {
				continue
			}
			for _, transform := range Transforms() {
				t.Run(v.Name+" "+transform, func(t *testing.T) {
					// Noise is drawn for each set by itself.
					checkHeldOut(t, changed(t, v.Value, map[string]any{"transform": transform}), transforms[transform].draw == nil)
				})
			}
		}
	}
}

// checkHeldOut checks a spec of 40 training examples of which 7 are held out. plain says
// that an example's inputs do not depend on the set that it is in.
func checkHeldOut(t *testing.T, spec Spec, plain bool) {
	t.Helper()
	const train, held = 40, 7
	with := loadOne(t, spec)
	fewer := loadOne(t, changed(t, spec, map[string]any{"train": train - held, "validation": 0}))
	whole := loadOne(t, changed(t, spec, map[string]any{"validation": 0}))
	if with.Train.Len() != train-held || with.Validation.Len() != held || spec.HeldOut() != held || fewer.Validation != nil {
		t.Fatalf("%d learned from, %d held out; want %d, %d", with.Train.Len(), with.Validation.Len(), train-held, held)
	}
	if !slices.Equal(contentOf(t, "train", with, with.Train), contentOf(t, "train", fewer, fewer.Train)) {
		t.Error("what is learned from depends on what is held out")
	}
	if !slices.Equal(contentOf(t, "test", with, with.Test), contentOf(t, "test", fewer, fewer.Test)) {
		t.Error("the test set depends on what is held out")
	}
	contentOf(t, "validation", with, with.Validation)
	if all := whole.Train.Labels(); all != nil && !slices.Equal(with.Validation.Labels(), all[train-held:]) {
		t.Errorf("classes held out %v, want the last ones, %v", with.Validation.Labels(), all[train-held:])
	}
	if same := sameInputs(with.Validation, whole.Train, train-held); same != plain {
		t.Errorf("the inputs held out are the last ones: %v, want %v", same, plain)
	}
}

// has says whether a kind has a setting.
func has(kind schema.Kind, key string) bool {
	return slices.ContainsFunc(kind.Fields, func(f schema.Field) bool { return f.Key == key })
}

// sameInputs says whether the inputs of a are those of b from example at on.
func sameInputs(a, b *Set, at int) bool {
	x, y := make([]float32, a.Inputs()), make([]float32, a.Inputs())
	for i := range a.Len() {
		a.Gather([]int32{int32(i)}, x, len(x), nil)
		b.Gather([]int32{int32(at + i)}, y, len(y), nil)
		if !slices.Equal(x, y) {
			return false
		}
	}
	return true
}

// changed returns a spec with other settings.
func changed(t *testing.T, spec Spec, settings map[string]any) Spec {
	t.Helper()
	s := struct {
		Data Spec `key:"data"`
	}{spec}
	if err := schema.Decode(map[string]any{"data": settings}, &s, nil); err != nil {
		t.Fatal(err)
	}
	return s.Data
}

func loadOne(t *testing.T, spec Spec) *Data {
	t.Helper()
	d, err := spec.Load(1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A teacher's targets that are held out have no noise, as those of the test set.
func TestHeldOutTargetsAreClean(t *testing.T) {
	clean := Teacher{Synthetic{Inputs: 9, Train: 40, Test: 10, Split: Split{15}}, 2, "erf", "ones", 0}
	dirty := clean
	dirty.Noise = 0.5
	a, b := loadOne(t, clean), loadOne(t, dirty)
	if !slices.Equal(a.Validation.targets, b.Validation.targets) {
		t.Error("targets that are held out have noise")
	}
	if slices.Equal(a.Train.targets, b.Train.targets) {
		t.Error("targets that are learned from have no noise")
	}
}

// How many examples files have is known when they are read. Of those that are used, the
// last ones are held out.
func TestHeldOutOfFiles(t *testing.T) {
	spec := idxSpec(inFolder(t, tinySet())) // 5 + 3 images
	spec.Validation = 5
	if _, err := spec.Load(0); err == nil || err.Error() != "validation: 5 examples held out of 5 leave none to learn from" {
		t.Errorf("error %v, want one that says that nothing is left to learn from", err)
	}
	raw := idxSpec(spec.Dir)
	all := loadOne(t, raw)
	spec.Train, spec.Validation = 4, 2
	d := loadOne(t, spec)
	if d.Train.Len() != 2 || d.Validation.Len() != 2 || d.Classes != all.Classes || d.Validation.Outputs() != all.Classes || !sameInputs(d.Validation, all.Train, 2) {
		t.Errorf("%d learned from, %d held out of the first 4: want examples 2 and 3", d.Train.Len(), d.Validation.Len())
	}
}
