package state

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// whole has one memory of each form, and a part.
type whole struct {
	weights [][]float32
	sums    [][]float64
	sum     float64
	counts  map[string]int
	list    []int
	pointer *int
	part    part
}

type part struct{ n uint64 }

func (p *part) State(v Visitor) { v.JSON("n", &p.n) }

func (w *whole) State(v Visitor) {
	Float32Arrays(v, "weights", w.weights)
	Float64Arrays(v, "sums", w.sums)
	Float64(v, "sum", &w.sum)
	v.JSON("counts", &w.counts)
	v.JSON("list", &w.list)
	v.JSON("pointer", &w.pointer)
	Under(v, "part", &w.part)
	Under(v, "nothing", struct{}{})
}

// filled returns a memory of numbers that formats like to lose: NaN with a payload, -0,
// the smallest, the largest, integers beyond 2⁵³.
func filled() *whole {
	one := 1
	return &whole{
		weights: [][]float32{{math.Float32frombits(0x7fc00123), float32(math.Copysign(0, -1))}, {math.SmallestNonzeroFloat32}},
		sums:    [][]float64{{math.Inf(1), math.Copysign(0, -1), 0.1}, {}}, sum: math.NaN(),
		counts: map[string]int{"a": 1}, list: []int{1, math.MaxInt64}, pointer: &one, part: part{math.MaxUint64},
	}
}

// used is a memory of the same sizes that was used for something else.
func used() *whole {
	two := 2
	return &whole{
		weights: [][]float32{{5, 6}, {7}}, sums: [][]float64{{1, 2, 3}, {}}, sum: 9,
		counts: map[string]int{"b": 2}, list: []int{9, 9, 9, 9}, pointer: &two, part: part{3},
	}
}

// bits are the numbers of a memory, as what they are in the machine.
func bits(w *whole) (all []uint64) {
	for _, x := range slices.Concat(w.weights...) {
		all = append(all, uint64(math.Float32bits(x)))
	}
	for _, x := range append(slices.Concat(w.sums...), w.sum) {
		all = append(all, math.Float64bits(x))
	}
	return all
}

func TestSnapshotGivesBackEveryBit(t *testing.T) {
	w := filled()
	s, err := Save(w)
	if err != nil {
		t.Fatal(err)
	}
	w.weights[0][1], w.list[0] = 8, 8 // the snapshot is a copy
	got, want := used(), filled()
	if err := s.Restore(got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(bits(got), bits(want)) || !reflect.DeepEqual(got.counts, want.counts) || !slices.Equal(got.list, want.list) ||
		*got.pointer != 1 || got.part != want.part {
		t.Errorf("restored %+v, want %+v", got, want)
	}
	empty := &whole{weights: [][]float32{{0, 0}, {0}}, sums: [][]float64{{0, 0, 0}, {}}}
	if s, err = Save(empty); err != nil {
		t.Fatal(err)
	}
	if err := s.Restore(got); err != nil {
		t.Fatal(err)
	}
	if got.counts != nil || got.list != nil || got.pointer != nil {
		t.Errorf("of what was there before, %v, %v and %v are left", got.counts, got.list, got.pointer)
	}
}

// shower shows whatever it is told to.
type shower func(v Visitor)

func (s shower) State(v Visitor) { s(v) }

func TestSaveRefuses(t *testing.T) {
	hidden := struct{ Shown, hidden int }{1, 2}
	nan := math.NaN()
	for want, show := range map[string]shower{
		"a is the name of two memories":  func(v Visitor) { v.Float32s("a", nil); v.JSON("a", new(int)) },
		"x: json: unsupported value":     func(v Visitor) { v.JSON("x", &nan) },
		"x: JSON does not give back the": func(v Visitor) { v.JSON("x", &hidden) },
		"x: json: unsupported type":      func(v Visitor) { v.JSON("x", new(func())) },
	} {
		if _, err := Save(show); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	plain := func(v Visitor) {
		v.Float32s("a", make([]float32, 2))
		v.Float64s("b", make([]float64, 2))
		v.JSON("c", new(int))
	}
	for want, c := range map[string]struct {
		spoil func(s *Snapshot)
		part  shower
	}{
		"a is not remembered":                   {func(s *Snapshot) { delete(s.Float32s, "a") }, plain},
		"b is not remembered":                   {func(s *Snapshot) { s.Float32s["b"] = []float32{1, 2}; delete(s.Float64s, "b") }, plain},
		"a has 2 numbers, and 3 are remembered": {func(s *Snapshot) { s.Float32s["a"] = make([]float32, 3) }, plain},
		"d is remembered, and nothing here has": {func(s *Snapshot) { s.Values["d"] = json.RawMessage("1") }, plain},
		"a is remembered, and nothing here has": {func(*Snapshot) {}, func(Visitor) {}},
		"c: json: cannot unmarshal":             {func(s *Snapshot) { s.Values["c"] = json.RawMessage(`"1"`) }, plain},
		"c: unexpected EOF":                     {func(s *Snapshot) { s.Values["c"] = json.RawMessage(`[1`) }, plain},
		"c: more than one value":                {func(s *Snapshot) { s.Values["c"] = json.RawMessage(`1 2`) }, plain},
		"c: json: unknown field":                {func(s *Snapshot) { s.Values["c"] = json.RawMessage(`{"Y":1}`) }, func(v Visitor) { plain(only{v}); v.JSON("c", new(struct{ X int })) }},
		"c is the name of two memories":         {func(*Snapshot) {}, func(v Visitor) { plain(v); v.JSON("c", new(int)) }},
	} {
		s, err := Save(shower(plain))
		if err != nil {
			t.Fatal(err)
		}
		c.spoil(s)
		if err := s.Restore(c.part); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if err := new(Snapshot).Restore(struct{}{}); err != nil {
		t.Errorf("a part without a memory: %v", err)
	}
}

// only shows arrays.
type only struct{ Visitor }

func (only) JSON(string, any) {}

// Counts keep every bit, as do those that are the bits of a NaN.
func TestUint32Arrays(t *testing.T) {
	counts := [][]uint32{{0, 1, 1 << 24, 0x7f800001, math.MaxUint32}, {}, {7}}
	show := shower(func(v Visitor) { Uint32Arrays(v, "counts", counts) })
	s, err := Save(show)
	if err != nil {
		t.Fatal(err)
	}
	counts[0][2], counts[2][0] = 5, 6
	counts[0][4] = 0
	if err := s.Restore(show); err != nil {
		t.Fatal(err)
	}
	if want := [][]uint32{{0, 1, 1 << 24, 0x7f800001, math.MaxUint32}, {}, {7}}; !reflect.DeepEqual(counts, want) {
		t.Errorf("restored %v, want %v", counts, want)
	}
}

// A part can ask, under its prefix, whether a snapshot knows a name. One that is written to takes all.
func TestKnows(t *testing.T) {
	old, err := Save(shower(func(v Visitor) {
		v.Float32s("part.a", []float32{1})
		v.Float64s("part.b", []float64{1})
		v.JSON("part.c", new(int))
	}))
	if err != nil {
		t.Fatal(err)
	}
	var known string
	ask := shower(func(v Visitor) {
		known = ""
		Under(v, "part", shower(func(v Visitor) {
			for _, name := range []string{"a", "b", "c", "d"} {
				if Knows(v, name) {
					known += name
				}
			}
			v.Float32s("a", make([]float32, 1))
			v.Float64s("b", make([]float64, 1))
			v.JSON("c", new(int))
		}))
	})
	if err := old.Restore(ask); err != nil || known != "abc" {
		t.Errorf("knows %q, error %v", known, err)
	}
	if _, err := Save(ask); err != nil || known != "abcd" {
		t.Errorf("when it is saved it knows %q, error %v", known, err)
	}
}
