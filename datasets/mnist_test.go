package datasets

import (
	"math"
	"os"
	"runtime"
	"slices"
	"testing"

	"ergon/internal/philox"
)

func TestEmbeddedMNISTIsTheDatabase(t *testing.T) {
	reports, err := Check("mnist", "", "")
	if err != nil || len(reports) != 4 {
		t.Fatalf("%d reports, error %v", len(reports), err)
	}
	for _, r := range reports { // compares SHA-256 of the decompressed content
		if r.Problem != "" {
			t.Errorf("%s: %s", r.File, r.Problem)
		}
	}
}

func TestMNIST(t *testing.T) {
	d, err := MNIST{Images{Transform: "unit"}}.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 60000 || d.Test.Len() != 10000 || d.Train.Inputs() != 784 || d.Train.Outputs() != 10 || d.Classes != 10 || !slices.Equal(d.Shape, []int{28, 28}) {
		t.Errorf("sizes are %+v", d)
	}
	if got := d.Train.Labels()[:10]; !slices.Equal(got, []uint8{5, 0, 4, 1, 9, 2, 1, 3, 1, 4}) {
		t.Errorf("the first labels are %v, want the well-known 5 0 4 1 9 2 1 3 1 4", got)
	}
	counts := make([]int, 10)
	for _, label := range d.Test.Labels() {
		counts[label]++
	}
	// Counts of the test digits as commonly published.
	if want := []int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}; !slices.Equal(counts, want) {
		t.Errorf("test digits %v, want %v", counts, want)
	}
	mean, variance := moments(d.Train)
	if math.Abs(mean-0.1307) > 5e-5 || math.Abs(math.Sqrt(variance)-0.3081) > 5e-5 { // the constants of "standard"
		t.Errorf("mean %v, deviation %v", mean, math.Sqrt(variance))
	}
}

// moments returns mean and variance over all inputs of a set.
func moments(s *Set) (mean, variance float64) {
	x, sum, square := make([]float32, s.Inputs()), 0.0, 0.0
	for i := range s.Len() {
		s.Gather([]int32{int32(i)}, x, len(x), nil)
		for _, v := range x {
			sum, square = sum+float64(v), square+float64(v)*float64(v)
		}
	}
	n := float64(s.Len() * s.Inputs())
	return sum / n, square/n - sum*sum/n/n
}

// van Rossum & Pache: b ↦ 0.98·b/255 − mean(train) + 0.001·z, with z the
// documented numbers of the named streams. Images that are held out are no part of the mean.
func TestVanRossum2024(t *testing.T) {
	const n, held, m, seed = 300, 50, 200, 5
	d, err := MNIST{Images{Train: n + held, Split: Split{held}, Test: m, Transform: "vanrossum2024"}}.Load(seed)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := embedded()
	mean := 0.0
	for _, b := range raw.train.pixels[:n*784] {
		mean += (0.01 + 0.98*float64(b)/255 - 0.01) / (n * 784)
	}
	x := make([]float32, 784)
	for name, c := range map[string]struct {
		set    *Set
		pixels []byte
	}{
		"noise/train": {d.Train, raw.train.pixels}, "noise/test": {d.Test, raw.test.pixels},
		"noise/validation": {d.Validation, raw.train.pixels[n*784:]},
	} {
		noise, distinct := philox.New(seed, name), map[float32]bool{}
		for i := range c.set.Len() {
			c.set.Gather([]int32{int32(i)}, x, 784, nil)
			for j, got := range x {
				at := i*784 + j
				want := 0.98*float64(c.pixels[at])/255 - mean + 0.001*noise.Normal(0, uint64(at))
				if math.Abs(float64(got)-want) > 1e-6 {
					t.Fatalf("%s: input %d of example %d is %v, want %v", name, j, i, got, want)
				}
			}
		}
		for _, v := range x {
			distinct[v] = true
		}
		if len(distinct) < 780 { // float32 near -0.13 has steps of 1.5e-8, the noise is 1e-3 wide
			t.Errorf("%s: %d distinct inputs among 784", name, len(distinct))
		}
	}
	if mean, _ := moments(d.Train); math.Abs(mean) > 5e-5 {
		t.Errorf("the training mean is %v, want 0", mean)
	}
}

func TestNoiseDependsOnTheSeedOnly(t *testing.T) {
	pixels := make([]byte, 1001)
	all := func(seed uint64) []float32 {
		return vanRossum2024(pixels, 7, seed)("test", pixels).(*noisyRows).all().values
	}
	a := all(1)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b, c := all(1), all(2)
	if !slices.Equal(a, b) {
		t.Error("the noise depends on the number of cores")
	}
	if slices.Equal(a, c) {
		t.Error("the noise does not depend on the seed")
	}
}

// Fashion-MNIST is too large to embed; where it is installed it must be the
// published one.
func TestFashionMNIST(t *testing.T) {
	f, err := fashionMNIST.locate(os.Getenv("ERGON_FASHION_MNIST"))
	if err != nil {
		t.Skip(err)
	}
	reports, err := Check("fashion_mnist", f.name, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Problem != "" {
			t.Errorf("%s: %s", r.File, r.Problem)
		}
	}
	d, err := FashionMNIST{Images{Dir: f.name, Transform: "unit"}}.Load(0)
	if err != nil || d.Train.Len() != 60000 || d.Test.Len() != 10000 || d.Classes != 10 {
		t.Errorf("data %+v, error %v", d, err)
	}
}

func BenchmarkVanRossum2024(b *testing.B) {
	raw, err := embedded()
	if err != nil {
		b.Fatal(err)
	}
	x, prepare := make([]float32, 784), vanRossum2024(raw.train.pixels, 784, 1)
	b.Run("mean", func(b *testing.B) {
		for b.Loop() {
			meanByte(raw.train.pixels)
		}
	})
	b.Run("present", func(b *testing.B) {
		r := prepare("train", raw.train.pixels)
		for i := int32(0); b.Loop(); i = (i + 7919) % 60000 {
			r.gather([]int32{i}, x, len(x))
		}
	})
	b.Run("kept", func(b *testing.B) {
		r := prepare("test", raw.test.pixels)
		r.keep()
		for i := int32(0); b.Loop(); i = (i + 7919) % 10000 {
			r.gather([]int32{i}, x, len(x))
		}
	})
}

func BenchmarkDecodeMNIST(b *testing.B) {
	r := idxReader{folder: folder{"embedded mnist", mnist.builtin, true}, names: idxNames, classing: classing{classes: 10}}
	for b.Loop() {
		if _, err := r.read(); err != nil {
			b.Fatal(err)
		}
	}
}
