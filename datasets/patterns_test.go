package datasets

import (
	"math"
	"strings"
	"testing"
)

// Patterns and targets are ±1, each as often as the other, and class and target
// say the same. Five deviations of a fair coin are allowed.
func TestPatterns(t *testing.T) {
	const n, p = 60, 500
	d, err := Patterns{Inputs: n, Examples: p}.Load(4)
	if err != nil {
		t.Fatal(err)
	}
	if d.Test != d.Train || d.Classes != 2 || d.Train.Outputs() != 1 || d.Train.Len() != p {
		t.Fatalf("%+v: want one set of %d patterns, two classes, one output", d, p)
	}
	x, y, sum, targets := make([]float32, n), make([]float32, 1), 0.0, 0.0
	for i := range p {
		d.Train.Gather([]int32{int32(i)}, x, n, y)
		for _, v := range x {
			if v != 1 && v != -1 {
				t.Fatalf("pattern %d has an input %v", i, v)
			}
			sum += float64(v)
		}
		if label, ok := d.Train.Label(i); !ok || y[0] != float32(2*label-1) {
			t.Fatalf("pattern %d: class %d, target %v", i, label, y[0])
		}
		targets += float64(y[0])
	}
	if math.Abs(sum) > 5*math.Sqrt(n*p) || math.Abs(targets) > 5*math.Sqrt(p) {
		t.Errorf("inputs add up to %v and targets to %v: not a fair coin's", sum, targets)
	}
	again, err := Patterns{Inputs: n, Examples: p}.Load(5)
	if err != nil {
		t.Fatal(err)
	}
	again.Train.Gather([]int32{0}, x, n, nil)
	first := make([]float32, n)
	d.Train.Gather([]int32{0}, first, n, nil)
	same := 0
	for j := range x {
		if x[j] == first[j] {
			same++
		}
	}
	if same > 50 { // 30 of 60 are expected, with deviation 3.9
		t.Errorf("seeds 4 and 5 share %d of %d inputs", same, n)
	}
}

func TestPatternsThatDoNotFit(t *testing.T) {
	for _, s := range []Patterns{{Inputs: 1e6, Examples: 1e8}, {Inputs: 0, Examples: 1}, {Inputs: 1}} {
		if _, err := s.Load(0); err == nil || !strings.Contains(err.Error(), "examples") {
			t.Errorf("%+v: error %v, want one about examples", s, err)
		}
	}
}

// The sigmoid outputs of Li & van Rossum 2020 have targets they can reach.
func TestTargetsOfLi2020(t *testing.T) {
	d, err := MNIST{Images{Train: 3, Test: 3, Transform: "li2020"}}.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []*Set{d.Train, d.Test} {
		x, y := make([]float32, 784), make([]float32, 10)
		set.Gather([]int32{1}, x, 784, y)
		label, _ := set.Label(1)
		for o, got := range y {
			want := float32(0.01)
			if o == label {
				want = 0.99
			}
			if got != want {
				t.Errorf("class %d, output %d: target %v, want %v", label, o, got, want)
			}
		}
	}
}
