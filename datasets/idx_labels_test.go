package datasets

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// typed is an idx file of another element type.
func typed(element byte, dims []uint32, data []byte) []byte {
	b := idxBytes(dims, data)
	b[2] = element
	return b
}

// int32sOf are big-endian numbers.
func int32sOf(numbers ...int32) (b []byte) {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// labelled is tinySet with the given files of labels.
func labelled(train, test []byte) map[string][]byte {
	files := tinySet()
	files[idxNames[1]], files[idxNames[3]] = train, test
	return files
}

// Labels are whole numbers of any type; of QMNIST's eight numbers the first is one.
func TestLabelTypes(t *testing.T) {
	qmnist := func(labels ...int32) (b []byte) {
		for i, label := range labels {
			b = append(b, int32sOf(label, 4, 100+int32(i), 7, -1, 1<<30, 0, 0)...)
		}
		return b
	}
	test := idxBytes([]uint32{3}, []byte{2, 1, 0})
	for name, train := range map[string][]byte{
		"bytes":            idxBytes([]uint32{5}, []byte{0, 1, 2, 3, 0}),
		"signed bytes":     typed(0x09, []uint32{5}, []byte{0, 1, 2, 3, 0}),
		"int16":            typed(0x0b, []uint32{5}, []byte{0, 0, 0, 1, 0, 2, 0, 3, 0, 0}),
		"int32":            typed(0x0c, []uint32{5}, int32sOf(0, 1, 2, 3, 0)),
		"a single column":  idxBytes([]uint32{5, 1}, []byte{0, 1, 2, 3, 0}),
		"QMNIST's columns": typed(0x0c, []uint32{5, 8}, qmnist(0, 1, 2, 3, 0)),
	} {
		d, err := idxSpec(inFolder(t, labelled(train, test))).Load(0)
		if err != nil || !slices.Equal(d.Train.Labels(), []byte{0, 1, 2, 3, 0}) {
			t.Errorf("%s: %v, %v", name, d, err)
		}
	}
}

// Labels that are no classes are refused, with the place and the way out.
func TestLabelsThatAreNone(t *testing.T) {
	good := idxBytes([]uint32{3}, []byte{2, 1, 0})
	oneHot := []byte{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0}
	for want, train := range map[string][]byte{
		"byte 8: 3 numbers for each of 5 labels (they are one-hot rows; write the place of the 1": idxBytes([]uint32{5, 3}, oneHot),
		"byte 8: 2 numbers for each of 5 labels (labels are one whole number":                     idxBytes([]uint32{5, 2}, oneHot[:10]),
		"type 0x0d (float32)": typed(0x0d, []uint32{5}, make([]byte, 20)),
		"byte 16: label 300 of example 2 (classes are 0 to 255; data.renumber=true": typed(0x0c, []uint32{5}, int32sOf(0, 1, 300, 3, 0)),
		"byte 12: label -1 of example 1 (classes are 0 to 255; data.renumber=true":  typed(0x0c, []uint32{5}, int32sOf(0, -1, 2, 3, 0)),
		"are images and labels exchanged?":                                          tinySet()[idxNames[0]],
	} {
		_, err := idxSpec(inFolder(t, labelled(train, good))).Load(0)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), idxNames[1]) {
			t.Errorf("error %v\nwant %s", err, want)
		}
	}
}

// Labels that do not fill the classes from 0 on are said, and can be renumbered.
func TestRenumber(t *testing.T) {
	for _, c := range []struct {
		name        string
		train, test []byte // a label each
		outputs     int
		remark      string // of the labels as they are, if any
		renumbered  []byte // of train
		text        string // of the data, renumbered
	}{
		{"from 0", []byte{0, 1, 2, 3, 0}, []byte{2, 1, 0}, 4, "", []byte{0, 1, 2, 3, 0}, "classes 0–3"},
		{"from 1", []byte{1, 2, 3, 4, 1}, []byte{3, 2, 1}, 5, "no example has label 0: 1 of 5 outputs learns nothing; data.renumber=true makes classes of the 4 labels that occur", []byte{0, 1, 2, 3, 0}, "classes 1–4 on 4 outputs"},
		{"two digits", []byte{3, 5, 3, 5, 3}, []byte{5, 3, 5}, 6, "label 0 to 2, 4: 4 of 6 outputs learn nothing", []byte{0, 1, 0, 1, 0}, "classes 3–5 on 2 outputs"},
		{"a stray one", []byte{0, 1, 255, 3, 2}, []byte{2, 1, 0}, 256, "label 255 occurs 1×, first as example 2 of ", []byte{0, 1, 4, 3, 2}, "classes 0–255 on 5 outputs"},
		{"only in the test set", []byte{0, 1, 0, 1, 0}, []byte{9, 1, 0}, 10, "label 9 occurs 1×, first as example 0 of ", []byte{0, 1, 0, 1, 0}, "on 3 outputs"},
		{"a single one", []byte{7, 7, 7, 7, 7}, []byte{7, 7, 7}, 8, "label 0 to 6: 7 of 8 outputs learn nothing", []byte{0, 0, 0, 0, 0}, "classes 7–7 on 1 outputs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := idxSpec(inFolder(t, labelled(idxBytes([]uint32{5}, c.train), idxBytes([]uint32{3}, c.test))))
			d, err := spec.Load(0)
			if err != nil {
				t.Fatal(err)
			}
			if d.Classes != c.outputs || !slices.Equal(d.Train.Labels(), c.train) || !strings.Contains(d.Remark, c.remark) || (d.Remark == "") != (c.remark == "") {
				t.Errorf("as they are: %d outputs, %v, %q", d.Classes, d.Train.Labels(), d.Remark)
			}
			spec.Renumber = true
			if d, err = spec.Load(0); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(d.Train.Labels(), c.renumbered) || d.Remark != "" || !strings.HasSuffix(d.String(), c.text) {
				t.Errorf("renumbered: %v, %v, %q", d.Train.Labels(), d, d.Remark)
			}
		})
	}
}

// With the number of classes given, a label beyond is an error with the way out, and
// outputs without examples are what was asked for.
func TestClassesGiven(t *testing.T) {
	spec := idxSpec(inFolder(t, labelled(idxBytes([]uint32{5}, []byte{1, 2, 3, 4, 1}), idxBytes([]uint32{3}, []byte{3, 2, 1}))))
	spec.Classes = 4
	if _, err := spec.Load(0); err == nil || !strings.Contains(err.Error(), "label 4 of example 3 (classes are 0 to 3; data.classes=0 takes the largest label + 1, data.renumber=true") {
		t.Errorf("error %v", err)
	}
	spec.Renumber = true
	if d, err := spec.Load(0); err != nil || d.Classes != 4 {
		t.Errorf("renumbered: %v, %v", d, err)
	}
	spec.Classes = 3
	if _, err := spec.Load(0); err == nil || !strings.Contains(err.Error(), "more than the 3 labels of data.classes occur") {
		t.Errorf("error %v", err)
	}
	spec.Classes, spec.Renumber = 9, false
	if d, err := spec.Load(0); err != nil || d.Classes != 9 || d.Remark != "" {
		t.Errorf("nine classes: %v, %v", d, err)
	}
}

// More labels than a byte can hold are refused, renumbered or not.
func TestTooManyLabels(t *testing.T) {
	const n = 300
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(i)
	}
	file := typed(0x0c, []uint32{n}, int32sOf(labels...))
	images := idxBytes([]uint32{n, 1, 1}, make([]byte, n))
	spec := idxSpec(inFolder(t, map[string][]byte{idxNames[0]: images, idxNames[1]: file, idxNames[2]: images, idxNames[3]: file}))
	spec.Renumber = true
	if _, err := spec.Load(0); err == nil || !strings.Contains(err.Error(), "label 256 of example 256 (more than 256 labels occur)") {
		t.Errorf("error %v", err)
	}
}
