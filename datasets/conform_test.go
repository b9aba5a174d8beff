package datasets

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"ergon/internal/schema"
	"ergon/internal/schema/schematest"
	"ergon/internal/simd"
)

// sizes make a set small, by those of these settings that it has.
var sizes = map[string]any{"inputs": 12, "train": 40, "test": 25, "examples": 40}

// allLearned are sets of which nothing can be held out, and which say so.
var allLearned = []string{"bars_and_stripes", "patterns"}

// notRandom are sets that are the same for every seed.
var notRandom = []string{"bars_and_stripes", "mnist"}

// Every registered set that needs no files keeps the contract of Spec, Data and Set; a
// generated one does so with each of its settings changed, too.
func TestSetsConform(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		if needsFiles(kind.Name) {
			continue
		}
		base := map[string]any{}
		for _, f := range kind.Fields {
			if size, ok := sizes[f.Key]; ok {
				base[f.Key] = size
			}
		}
		if catalogue[kind.Name] != nil {
			kind.Fields = nil
		}
		if slices.Contains(allLearned, kind.Name) {
			kind.Fields = slices.DeleteFunc(kind.Fields, func(f schema.Field) bool { return f.Key == "validation" })
		}
		for _, v := range schematest.Of(t, Kinds, kind, base) {
			t.Run(v.Name, func(t *testing.T) {
				defer func() {
					if p := recover(); p != nil {
						t.Errorf("panics: %v", p)
					}
				}()
				checkSpec(t, v.Value, !slices.Contains(notRandom, v.Kind))
				checkSizes(t, v, base)
			})
		}
	}
}

// needsFiles says whether a kind reads files that a test may not have.
func needsFiles(kind string) bool {
	spec, _ := Kinds.New(kind)
	_, ownFiles := spec.(checker)
	published := catalogue[kind]
	return ownFiles || published != nil && published.builtin == nil
}

// checkSpec checks data, and that they depend on the seed alone, and on it if random.
func checkSpec(t *testing.T, spec Spec, random bool) {
	t.Helper()
	if typ := reflect.TypeOf(spec); typ.Kind() == reflect.Pointer || !typ.Comparable() {
		t.Fatalf("%v is a pointer, or not comparable: data are shared between specs that are equal (==)", typ)
	}
	first := loadAfresh(t, spec, 1)
	if shared, err := spec.Load(1); err != nil || shared != first {
		t.Errorf("loaded again while in use: other data (error %v), want the same *Data", err)
	}
	again, other := loadAfresh(t, spec, 1), loadAfresh(t, spec, 2)
	for _, part := range []struct {
		name string
		set  func(d *Data) *Set
	}{{"train", func(d *Data) *Set { return d.Train }}, {"test", func(d *Data) *Set { return d.Test }}} {
		want := contentOf(t, part.name, first, part.set(first))
		if !slices.Equal(contentOf(t, part.name, again, part.set(again)), want) {
			t.Errorf("%s: two loads with seed 1 differ", part.name)
		}
		if random && slices.Equal(contentOf(t, part.name, other, part.set(other)), want) {
			t.Errorf("%s: seeds 1 and 2 give the same examples (a set that is not random is named in notRandom)", part.name)
		}
	}
}

// loadAfresh loads data that nobody shares.
func loadAfresh(t *testing.T, spec Spec, seed uint64) *Data {
	t.Helper()
	loaded.mu.Lock()
	clear(loaded.held)
	loaded.mu.Unlock()
	d, err := spec.Load(seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// contentOf checks a set of data and returns its inputs, targets and classes.
func contentOf(t *testing.T, name string, d *Data, s *Set) []float32 {
	t.Helper()
	if s.owner == nil {
		t.Errorf("%s: the set has no owner: Load makes data by load", name)
	}
	if s.Len() < 1 || s.Outputs() < 1 || s.Inputs() != product(d.Shape) {
		t.Fatalf("%s: %d examples of %d inputs and %d outputs, shape %v", name, s.Len(), s.Inputs(), s.Outputs(), d.Shape)
	}
	if want := s.Len() * s.Outputs(); s.targets != nil && len(s.targets) != want {
		t.Fatalf("%s: %d numbers in targets, want %d, %d for each example", name, len(s.targets), want, s.Outputs())
	}
	if s.targets == nil && s.Outputs() != d.Classes {
		t.Fatalf("%s: %d outputs, want one for each of %d classes, as there are no targets", name, s.Outputs(), d.Classes)
	}
	checkLabelsOf(t, name, s, d.Classes)
	x, y, idx := make([]float32, s.Len()*s.Inputs()), make([]float32, s.Len()*s.Outputs()), make([]int32, s.Len())
	for i := range idx {
		idx[i] = int32(i)
	}
	s.Gather(idx, x, s.Inputs(), y)
	for i := range idx {
		inputs := x[i*s.Inputs():][:s.Inputs()]
		if got, want := s.CountActive(int32(i), inputs), simd.Nonzero(inputs); got != want {
			t.Fatalf("%s: example %d has %d active inputs by CountActive, %d as gathered", name, i, got, want)
		}
	}
	all := append(x, y...)
	for i, v := range all {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			t.Fatalf("%s: number %d of %d inputs and %d targets is %v", name, i, len(x), len(y), v)
		}
	}
	for _, label := range s.Labels() {
		all = append(all, float32(label))
	}
	return all
}

// checkLabelsOf checks that each example has one of the classes, or none where targets
// are real-valued.
func checkLabelsOf(t *testing.T, name string, s *Set, classes int) {
	t.Helper()
	want := s.Len()
	if classes == 0 {
		want = 0
	}
	if len(s.Labels()) != want {
		t.Fatalf("%s: %d labels of %d examples, %d classes: want %d", name, len(s.Labels()), s.Len(), classes, want)
	}
	for i, label := range s.Labels() {
		if int(label) >= classes {
			t.Fatalf("%s: label %d of example %d, there are %d classes", name, label, i, classes)
		}
	}
}

// checkSizes checks the numbers of examples: those asked for, and those listed.
func checkSizes(t *testing.T, v schematest.Variant[Spec], asked map[string]any) {
	t.Helper()
	d, err := v.Value.Load(1)
	if err != nil {
		t.Fatal(err)
	}
	for key, got := range map[string]int{"train": d.Train.Len(), "test": d.Test.Len(), "examples": d.Train.Len()} {
		if want, ok := asked[key]; ok && v.IsDefault() && got != want {
			t.Errorf("%s=%d: there are %d", key, want, got)
		}
	}
	if s, ok := v.Value.(lister); ok {
		l := Listing{}
		s.list(&l)
		if l.Train != d.Train.Len()+v.Value.HeldOut() || l.Test != d.Test.Len() || !slices.Equal(l.Shape, d.Shape) {
			t.Errorf("listed as %+v; there are %d and %d examples of shape %v", l, d.Train.Len(), d.Test.Len(), d.Shape)
		}
	}
}
