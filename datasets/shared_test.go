package datasets

import (
	"errors"
	"runtime"
	"testing"
)

func TestSharedForgetsWhatNobodyHolds(t *testing.T) {
	type value struct{ numbers [100]int }
	var s shared[string, value]
	made := 0
	get := func() *value {
		v, err := s.get("k", func() (*value, error) { made++; return new(value), nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := get()
	if get() != v || made != 1 {
		t.Errorf("made %d values while one was held", made)
	}
	runtime.KeepAlive(v)
	runtime.GC()
	get()
	if made != 2 {
		t.Errorf("made %d values, want a second one after the first was dropped", made)
	}
	if _, err := s.get("other", func() (*value, error) { return nil, errors.ErrUnsupported }); err == nil {
		t.Error("an error got lost")
	}
}

// A set alone keeps its data shared: a run may hold the training set only.
func TestSetKeepsDataShared(t *testing.T) {
	spec := Mixture{Synthetic{Inputs: 4, Train: 8, Test: 8}, 2, 1}
	d, err := spec.Load(1)
	if err != nil {
		t.Fatal(err)
	}
	train := d.Train
	runtime.GC()
	again, err := spec.Load(1)
	if err != nil || again.Train != train {
		t.Errorf("the data were made twice (error %v)", err)
	}
}
