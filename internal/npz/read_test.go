package npz

import (
	"archive/zip"
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
)

// What is read is what was written, to the bit.
func TestRead(t *testing.T) {
	odd := array{"odd", []float64{math.NaN(), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64}, []int{2, 1, 2}}
	all := append([]array{odd}, arrays...)
	got, err := Read(write(t, all))
	if err != nil || len(got) != len(all) {
		t.Fatalf("%d arrays, %v", len(got), err)
	}
	for _, want := range all {
		a := got[want.name]
		if !slices.Equal(a.Shape, want.shape) || !slices.EqualFunc(a.Data, want.data, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }) {
			t.Errorf("%s is %v %v, want %v %v", want.name, a.Shape, a.Data, want.shape, want.data)
		}
	}
}

// packed is an archive of one entry as it is given.
func packed(t *testing.T, name, content string, method uint16) []byte {
	t.Helper()
	var text bytes.Buffer
	w := zip.NewWriter(&text)
	entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// What Writer does not write is refused.
func TestReadRefuses(t *testing.T) {
	plain, err := encode([]float64{1, 2}, []int{2})
	if err != nil {
		t.Fatal(err)
	}
	good := string(plain)
	if _, err := Read(packed(t, "a.npy", good, zip.Store)); err != nil {
		t.Fatal(err)
	}
	for want, text := range map[string][]byte{
		"not a valid zip":  []byte("PK"),
		"not the name":     packed(t, "a.txt", good, zip.Store),
		"compressed":       packed(t, "a.npy", good, zip.Deflate),
		"no header":        packed(t, "a.npy", good[:9], zip.Store),
		"is cut off":       packed(t, "a.npy", good[:60], zip.Store),
		"do not fill":      packed(t, "a.npy", good[:len(good)-1], zip.Store),
		"no shape":         packed(t, "a.npy", strings.Replace(good, "shape", "other", 1), zip.Store),
		"not a size":       packed(t, "a.npy", strings.Replace(good, "(2,)", "(-2)", 1), zip.Store),
		"want an array of": packed(t, "a.npy", strings.Replace(good, "<f8", "<f4", 1), zip.Store),
	} {
		if _, err := Read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	damaged := write(t, arrays)
	damaged[200] ^= 1 // a bit of the first array
	if _, err := Read(damaged); err == nil {
		t.Error("a flipped bit is not seen")
	}
}

// Sizes whose product overflows do not fill anything.
func TestFills(t *testing.T) {
	for _, test := range []struct {
		shape []int
		size  int
		want  bool
	}{
		{nil, 8, true}, {[]int{2, 3}, 48, true}, {[]int{2, 3}, 40, false}, {[]int{0, 1 << 62}, 0, true},
		{[]int{1 << 62, 1 << 62}, 0, false}, {[]int{1 << 61}, 0, false}, {[]int{1 << 30, 1 << 31, 0}, 0, false},
	} {
		if got := fills(test.shape, test.size); got != test.want {
			t.Errorf("%v fills %d bytes: %t", test.shape, test.size, got)
		}
	}
}

// FuzzRead: what is read and written again is read the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte("PK"))
	var text bytes.Buffer
	w := NewWriter(&text)
	for _, a := range arrays {
		if err := w.Write(a.name, a.data, a.shape...); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(text.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := Read(text)
		if err != nil {
			return
		}
		var again []array
		for name, a := range first {
			again = append(again, array{name, a.Data, a.Shape})
		}
		second, err := Read(write(t, again))
		if err != nil || len(second) != len(first) {
			t.Fatalf("%d arrays, %v", len(second), err)
		}
		for name, a := range first {
			if b := second[name]; !slices.Equal(a.Shape, b.Shape) || !slices.EqualFunc(a.Data, b.Data, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }) {
				t.Errorf("%s is %v, was %v", name, b, a)
			}
		}
	})
}
