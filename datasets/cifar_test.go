package datasets

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cifarFile returns records whose pixels are all 10·(record+1), labels from labels.
func cifarFile(labels ...byte) []byte {
	var b []byte
	for i, label := range labels {
		b = append(append(b, label), bytes.Repeat([]byte{byte(10 * (i + 1))}, cifarPixels)...)
	}
	return b
}

func TestReadCIFAR10(t *testing.T) {
	b := cifarFile(3, 9, 0)
	b[1], b[len(b)-1] = 77, 88
	labels, pixels, err := ReadCIFAR10(bytes.NewReader(b), "f", 3)
	if err != nil || !slices.Equal(labels, []uint8{3, 9, 0}) || len(pixels) != 3*cifarPixels {
		t.Fatalf("labels %v, %d pixels, error %v", labels, len(pixels), err)
	}
	if pixels[0] != 77 || pixels[1] != 10 || pixels[cifarPixels] != 20 || pixels[3*cifarPixels-1] != 88 {
		t.Error("pixels are not where they belong")
	}
}

func TestReadCIFAR10Refuses(t *testing.T) {
	good := cifarFile(3, 9)
	for name, c := range map[string]struct {
		b       []byte
		records int
		kind    error
	}{
		"empty":         {nil, 2, ErrTruncated},
		"one byte less": {good[:len(good)-1], 2, ErrTruncated},
		"one record":    {good[:cifarRecord], 2, ErrTruncated},
		"one byte more": {append(slices.Clone(good), 0), 2, ErrTrailing},
		"more records":  {good, 1, ErrTrailing},
		"label 10":      {cifarFile(3, 10), 2, ErrLabel},
		"gzip":          {gzipped(t, good), 2, ErrTruncated},
		"no record":     {nil, 0, ErrSize},
		"too many":      {nil, 1 << 40, ErrSize},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ReadCIFAR10(bytes.NewReader(c.b), "f", c.records)
			wantKind(t, err, c.kind)
		})
	}
	_, _, err := ReadCIFAR10(bytes.NewReader(cifarFile(3, 10)), "f", 2)
	if want := "f: byte 3073: label 10 of example 1"; !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestReadCIFARFiles(t *testing.T) {
	dir := inFolder(t, map[string][]byte{"a": cifarFile(1, 2), "b": cifarFile(3, 4), "c": cifarFile(5, 6)})
	c, err := readCIFARFiles(openFolder(dir), []string{"a", "b", "c"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.train.labels, []uint8{1, 2, 3, 4}) || !slices.Equal(c.test.labels, []uint8{5, 6}) {
		t.Errorf("labels are %v, %v", c.train.labels, c.test.labels)
	}
	if len(c.train.pixels) != 4*cifarPixels || c.train.pixels[2*cifarPixels] != 10 || len(c.test.pixels) != 2*cifarPixels {
		t.Error("pixels are not where they belong")
	}
}

// The six files at their full size; holes make them cheap, and all zeros are
// good records of class 0, but not the published ones.
func TestCIFAR10(t *testing.T) {
	dir := t.TempDir()
	for i, f := range cifar10.files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, []byte{byte(i), byte(10 * i)}, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, f.size); err != nil {
			t.Fatal(err)
		}
	}
	reports, err := Check("cifar10", dir, "")
	if err != nil || len(reports) != 6 {
		t.Fatalf("%d reports, error %v", len(reports), err)
	}
	published := cifar10.files
	defer func() { cifar10.files = published }()
	cifar10.files = slices.Clone(published)
	for i, r := range reports {
		if !strings.Contains(r.Problem, "not the published file") {
			t.Errorf("%+v, want another hash", r)
		}
		wrong, ok := errors.AsType[*HashError](verifyError(cifar10.files[i], dir))
		if !ok {
			t.Fatalf("%s is not refused", r.File)
		}
		cifar10.files[i].sha256 = wrong.Got // from here on, zeros are what was published
	}
	spec := CIFAR10{Images{Dir: dir, Transform: "unit", Test: 100}}
	d, err := spec.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 50000 || d.Test.Len() != 100 || d.Train.Inputs() != 3072 || !slices.Equal(d.Shape, []int{3, 32, 32}) || d.Classes != 10 {
		t.Errorf("sizes are %+v", d)
	}
	x := make([]float32, 3072)
	d.Train.Gather([]int32{30000}, x, 3072, nil)
	if label, _ := d.Train.Label(30000); label != 3 || x[0] != 30.0/255 || x[1] != 0 {
		t.Errorf("the first record of the fourth file has class %d and starts %v", label, x[:2])
	}
	if err := os.Truncate(filepath.Join(dir, "data_batch_4.bin"), 3073*9999+1); err != nil {
		t.Fatal(err)
	}
	_, err = spec.Load(0)
	wantKind(t, err, ErrTruncated)
}

func verifyError(f file, dir string) error {
	_, err := f.verifyIn(openFolder(dir), false)
	return err
}
