package datasets

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Standard inputs have zero mean and unit variance over the training set in use, of any
// set; test images are put on the same scale.
func TestStandardIsOfTheSetItself(t *testing.T) {
	spec := idxSpec(inFolder(t, tinySet()))
	spec.Transform = "standard"
	for _, n := range []int{0, 2, 5} {
		spec.Train = n
		d, err := spec.Load(0)
		if err != nil {
			t.Fatal(err)
		}
		if mean, variance := moments(d.Train); math.Abs(mean) > 1e-6 || math.Abs(variance-1) > 1e-6 {
			t.Errorf("of %d images: mean %v, variance %v", n, mean, variance)
		}
		if n != 2 {
			continue
		}
		// The pixels of the first two are 0, 5, … 55: mean 27.5, variance 25·(12²-1)/12;
		// the first of the test set is 100.
		x := make([]float32, 6)
		d.Test.Gather([]int32{0}, x, 6, nil)
		if want := (100 - 27.5) / math.Sqrt(25*143.0/12); math.Abs(float64(x[0])-want) > 1e-5 {
			t.Errorf("a test pixel of 100 becomes %v, want %v", x[0], want)
		}
	}
}

// MNIST keeps its published constants, so that runs keep their numbers, whichever part
// of it is used.
func TestStandardOfMNIST(t *testing.T) {
	d, err := MNIST{Images{Train: 20, Test: 5, Transform: "standard"}}.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 784)
	d.Train.Gather([]int32{0}, x, 784, nil)
	if dark := x[0]; dark != float32(-0.1307/0.3081) {
		t.Errorf("a dark pixel is %v", dark)
	}
}

func TestStandardOfEqualPixels(t *testing.T) {
	files := tinySet()
	files[idxNames[0]] = idxBytes([]uint32{5, 2, 3}, make([]byte, 30))
	spec := idxSpec(inFolder(t, files))
	spec.Transform = "standard"
	if _, err := spec.Load(0); err == nil || !strings.HasPrefix(err.Error(), "transform: all pixels of the training images are equal") {
		t.Errorf("error %v", err)
	}
}

// A pixel is on from half of its range on, in sets of any size: below 128 it is 0.
func TestBinary(t *testing.T) {
	pixels := []byte{0, 1, 127, 128, 129, 255}
	prepare, err := transforms["binary"].after(pixels, len(pixels), 0, mnist.standard)
	if err != nil {
		t.Fatal(err)
	}
	r, x := prepare("train", pixels), make([]float32, len(pixels))
	r.gather([]int32{0}, x, len(x))
	if want := []float32{0, 0, 0, 1, 1, 1}; !slices.Equal(x, want) || r.countActive(0, x) != 3 {
		t.Errorf("%v with %d active, want %v", x, r.countActive(0, x), want)
	}
}

// What standard means changed for all sets of images but MNIST.
func TestStandardSince(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		spec, _ := Kinds.New(kind.Name)
		if StandardSince(spec) {
			t.Errorf("%s as it is by default", kind.Name)
		}
	}
	standard := Images{Transform: "standard"}
	if StandardSince(MNIST{standard}) || !StandardSince(FashionMNIST{standard}) || !StandardSince(CIFAR10{standard}) || !StandardSince(IDXFolder{Images: standard}) {
		t.Error("of MNIST, or not of the others")
	}
}
