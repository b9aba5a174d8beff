package datasets

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// MNIST-01, by the counts of its digits as commonly published: 5923 and 6742 to learn
// from, 980 and 1135 to test. Images are those of MNIST, in their order.
func TestOnlyZerosAndOnes(t *testing.T) {
	all, d := loadOne(t, MNIST{Images{Transform: "unit"}}), loadOne(t, MNIST{Images{Transform: "unit", Only: "0,1"}})
	for _, c := range []struct {
		name      string
		set, of   *Set
		zero, one int
	}{{"train", d.Train, all.Train, 5923, 6742}, {"test", d.Test, all.Test, 980, 1135}} {
		if counts := countsOf(c.set, 2); !slices.Equal(counts, []int{c.zero, c.one}) {
			t.Errorf("%s: %v zeros and ones, want %d, %d", c.name, counts, c.zero, c.one)
		}
		checkChosen(t, c.set, c.of, []int{0, 1})
	}
	if got, want := d.String(), "12665 + 2115 images of 28×28, classes 0–1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if d.Content.Digest != all.Content.Digest {
		t.Error("the files are others")
	}
}

func countsOf(s *Set, classes int) []int {
	counts := make([]int, classes)
	for _, label := range s.Labels() {
		counts[label]++
	}
	return counts
}

// checkChosen checks that the first images of a set are those of another one with some
// labels, which are classes in their order.
func checkChosen(t *testing.T, s, of *Set, labels []int) {
	t.Helper()
	x, y, next := make([]float32, s.Inputs()), make([]float32, s.Inputs()), 0
	for i := 0; next < s.Len() && i < of.Len(); i++ {
		label, _ := of.Label(i)
		class := slices.Index(labels, label)
		if class < 0 {
			continue
		}
		s.Gather([]int32{int32(next)}, x, len(x), nil)
		of.Gather([]int32{int32(i)}, y, len(y), nil)
		if got, _ := s.Label(next); got != class || !slices.Equal(x, y) {
			t.Fatalf("image %d, of class %d, is not image %d, of label %d", next, got, i, label)
		}
		next++
	}
	if next < s.Len() || s.Outputs() != len(labels) {
		t.Errorf("%d images more than have these labels; %d outputs of %d labels", s.Len()-next, s.Outputs(), len(labels))
	}
}

// Numbers of examples are of the images in use. The last of those are held out.
func TestNumbersOfChosenImages(t *testing.T) {
	all := loadOne(t, MNIST{Images{Transform: "unit"}})
	d := loadOne(t, MNIST{Images{Train: 50, Split: Split{20}, Test: 7, Transform: "unit", Only: "3,8"}})
	whole := loadOne(t, MNIST{Images{Train: 50, Transform: "unit", Only: "3,8"}})
	if d.Train.Len() != 30 || d.Validation.Len() != 20 || d.Test.Len() != 7 || d.Classes != 2 || d.FirstLabel != 3 || d.LastLabel != 8 {
		t.Errorf("%+v: want 30 + 20 + 7 images of the labels 3 and 8", d)
	}
	checkChosen(t, d.Train, all.Train, []int{3, 8})
	checkChosen(t, d.Test, all.Test, []int{3, 8})
	if !sameInputs(d.Validation, whole.Train, 30) || !slices.Equal(d.Validation.Labels(), whole.Train.Labels()[30:]) {
		t.Error("not the last images are held out")
	}
	if absent := d.Train.Absent(d.Classes); absent != nil {
		t.Errorf("classes %v have no example", absent)
	}
}

// Labels are those of the files, also where they are renumbered. What is odd about labels
// that are not in use is of no matter.
func TestOnlyLabelsOfFiles(t *testing.T) {
	train, test := idxBytes([]uint32{5}, []byte{7, 1, 26, 1, 7}), idxBytes([]uint32{3}, []byte{1, 7, 26})
	dir := inFolder(t, labelled(train, test))
	for _, renumber := range []bool{false, true} {
		spec := idxSpec(dir)
		spec.Renumber = renumber
		all := loadOne(t, spec)
		spec.Only = "7,26"
		d := loadOne(t, spec)
		if !slices.Equal(d.Train.Labels(), []byte{0, 1, 0}) || !slices.Equal(d.Test.Labels(), []byte{0, 1}) || d.Classes != 2 || d.Train.Outputs() != 2 {
			t.Errorf("renumber %v: labels %v and %v, want 7 and 26 as classes 0 and 1", renumber, d.Train.Labels(), d.Test.Labels())
		}
		if d.Remark != "" || (all.Remark == "") != renumber {
			t.Errorf("renumber %v: remark %q, of all %q", renumber, d.Remark, all.Remark)
		}
		if !sameInputs(&Set{n: 1, inputs: 6, rows: d.Train.rows}, all.Train, 0) || !sameInputs(d.Test, all.Test, 1) {
			t.Errorf("renumber %v: other images", renumber)
		}
	}
}

// What transforms need to know is of the images in use.
func TestTransformOfChosenImages(t *testing.T) {
	spec := idxSpec(inFolder(t, tinySet()))
	spec.Transform, spec.Only = "standard", "1,2"
	if mean, variance := moments(loadOne(t, spec).Train); !(math.Abs(mean) <= 1e-6 && math.Abs(variance-1) <= 1e-6) {
		t.Errorf("mean %v, variance %v", mean, variance)
	}
}

func TestOnlyRefuses(t *testing.T) {
	spec := idxSpec(inFolder(t, tinySet())) // labels 0 1 2 3 0, and 2 1 0
	const form = ": want whole numbers divided by commas and without blanks, such as 0,1"
	for only, want := range map[string]string{
		"4":                    "no training image has label 4; labels are from 0 to 3",
		"-1,0":                 "no training image has label -1; labels are from 0 to 3",
		"3":                    "no test image has one of these labels",
		"0,0":                  "label 0 after 0: want each label once, in ascending order",
		"2,1":                  "label 1 after 2: want each label once, in ascending order",
		"0, 1":                 `" 1" is no label` + form,
		"01":                   `"01" is no label` + form,
		"+1":                   `"+1" is no label` + form,
		"0,":                   `"" is no label` + form,
		"0-3":                  `"0-3" is no label` + form,
		"a":                    `"a" is no label` + form,
		"99999999999999999999": `"99999999999999999999" is no label` + form,
	} {
		spec.Only = only
		if _, err := spec.Load(0); err == nil || err.Error() != "only: "+want {
			t.Errorf("%q: error %v, want %s", only, err, want)
		}
	}
	spec.Only, spec.Train = "0,1", 4
	if _, err := spec.Load(0); err == nil || !strings.HasPrefix(err.Error(), "train: 4 examples wanted, but there are 3") {
		t.Errorf("error %v, want one that says how many there are of these labels", err)
	}
}

// Bytes are shared, as long as data are in use, between specs that differ in their
// transform or seed; so are those of chosen labels.
func TestBytesStayShared(t *testing.T) {
	for _, only := range []string{"", "0,1"} {
		spec := idxSpec(inFolder(t, tinySet()))
		spec.Only = only
		first := loadOne(t, spec)
		runtime.GC()
		spec.Transform = "binary"
		second, err := spec.Load(2)
		if err != nil {
			t.Fatal(err)
		}
		if &first.Train.rows.(*byteRows).pixels[0] != &second.Train.rows.(*byteRows).pixels[0] {
			t.Errorf("only %q: another transform and seed has its own copy of the bytes", only)
		}
		runtime.KeepAlive(first)
	}
}
