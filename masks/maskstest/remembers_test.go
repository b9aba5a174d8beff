package maskstest

import (
	"strings"
	"testing"

	"ergon/internal/state"
)

// forgetful counts its steps, and the sums of what they are told.
type forgetful struct {
	settings *struct{ Used int }
	count    int
	sums     []float32
	table    map[string]int
	part     struct{ n uint8 }
	scratch  []float32
	show     func(f *forgetful, v state.Visitor)
}

func (f *forgetful) State(v state.Visitor) { f.show(f, v) }

func (f *forgetful) step(number uint64) []float32 {
	f.count++
	f.sums[0] += float32(number)
	f.table["steps"]++
	f.part.n = uint8(f.count / 2)
	f.scratch = append(f.scratch, 1)
	return []float32{1}
}

// The suite finds what a kind forgets, though no step depends on it.
func TestForgetfulKindsAreReported(t *testing.T) {
	all := func(f *forgetful, v state.Visitor) {
		v.JSON("count", &f.count)
		v.Float32s("sums", f.sums)
		v.JSON("table", &f.table)
		n := f.part.n
		v.JSON("n", &n)
		f.part.n = n
	}
	without := func(name string) func(*forgetful, state.Visitor) {
		return func(f *forgetful, v state.Visitor) { all(f, leftOut{v, name}) }
	}
	for want, show := range map[string]func(*forgetful, state.Visitor){
		"":                                   all,
		"forgetful.count has":                without("count"),
		"0 of *maskstest.forgetful.sums has": without("sums"),
		"forgetful.table[steps]":             without("table"),
		"cannot be saved: part: JSON does not give back": func(f *forgetful, v state.Visitor) { all(f, leftOut{v, "n"}); v.JSON("part", &f.part) },
		"settings must stay":                             func(f *forgetful, v state.Visitor) { all(f, v); f.settings.Used++ },
	} {
		settings := &struct{ Used int }{}
		make := func() subject {
			f := &forgetful{settings: settings, sums: make([]float32, 2), table: map[string]int{}, show: show}
			return subject{f, nil, f.step}
		}
		switch err := goesOn(settings, make, 3, false); {
		case want == "" && err != nil:
			t.Errorf("a right kind: %v", err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if err := goesOn(nil, func() subject { return subject{nil, nil, func(uint64) []float32 { return nil }} }, 1, true); err != nil {
		t.Errorf("a kind that is nil: %v", err)
	}
}

// Stages that are asked only must not remember.
func TestRemembersNothing(t *testing.T) {
	x := &struct{ Used int }{}
	if err := remembersNothing(x, func() {}); err != nil {
		t.Error(err)
	}
	if err := remembersNothing(x, func() { x.Used++ }); err == nil || !strings.Contains(err.Error(), "Used") {
		t.Errorf("error %v", err)
	}
	if err := remembersNothing(&forgetful{}, func() {}); err == nil || !strings.Contains(err.Error(), "remembers something") {
		t.Errorf("error %v", err)
	}
}

// leftOut does not show a memory.
type leftOut struct {
	state.Visitor
	name string
}

func (l leftOut) Float32s(name string, x []float32) {
	if name != l.name {
		l.Visitor.Float32s(name, x)
	}
}

func (l leftOut) JSON(name string, value any) {
	if name != l.name {
		l.Visitor.JSON(name, value)
	}
}

// A step's result that depends on something forgotten is found in the first step.
func TestForgottenStepsAreReported(t *testing.T) {
	make := func() subject {
		n := float32(0)
		return subject{nil, nil, func(uint64) []float32 { n++; return []float32{n} }}
	}
	if err := goesOn(nil, make, 2, false); err == nil || !strings.Contains(err.Error(), "step 0 after a restore") {
		t.Errorf("error %v", err)
	}
}
