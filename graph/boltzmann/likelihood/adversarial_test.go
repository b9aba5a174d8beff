package likelihood

import (
	"context"
	"fmt"
	"math"
	"testing"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

func accuracy(t testing.TB, data, samples []float32, d int) *Adversarial {
	t.Helper()
	a, err := AdversarialAccuracy(context.Background(), nil, data, samples, d)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// normals returns n points of N(0,1)^d.
func normals(n, d int, seed uint64) []float32 {
	x := make([]float32, n*d)
	philox.New(seed, "test/points").Normals(0, 0, x)
	return x
}

// plain returns AA_truth and AA_syn by the loop over all pairs.
func plain(data, samples []float32, d int) (truth, synthetic float64) {
	points := append(append([]float32(nil), data...), samples...)
	n := len(points) / d
	own := [2]float64{}
	for i := range n {
		least, kin, all := math.Inf(1), 0.0, 0.0
		for j := range n {
			square := 0.0
			for c := range d {
				difference := float64(points[i*d+c]) - float64(points[j*d+c])
				square += difference * difference
			}
			if i == j || square > least {
				continue
			}
			if square < least {
				least, kin, all = square, 0, 0
			}
			all++
			if (i < n/2) == (j < n/2) {
				kin++
			}
		}
		own[2*i/n] += kin / all
	}
	return own[0] / float64(n/2), own[1] / float64(n/2)
}

// Both are those of the plain loop, of numbers and of bits, where many are equally near, and on any
// number of cores.
func TestAdversarialAccuracyIsThePlainLoop(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	for _, n := range []int{2, 3, 9, 50} {
		for _, d := range []int{1, 6, 9} {
			m := random(d, 3, 0.5, 1)
			for what, pair := range map[string][2][]float32{
				"numbers": {normals(n, d, 1), normals(n, d, 2)},
				"bits":    {samples(t, m, n, 1), samples(t, m, n, 2)},
			} {
				truth, synthetic := plain(pair[0], pair[1], d)
				got := accuracy(t, pair[0], pair[1], d)
				near(t, fmt.Sprintf("AA_truth of %d %s of %d", n, what, d), got.Truth, truth, 1e-13)
				near(t, fmt.Sprintf("AA_syn of %d %s of %d", n, what, d), got.Synthetic, synthetic, 1e-13)
				near(t, "their mean", got.Accuracy, (truth+synthetic)/2, 1e-13)
				again, err := AdversarialAccuracy(context.Background(), pool, pair[0], pair[1], d)
				if err != nil || *again != *got {
					t.Errorf("%+v, %v on three cores, %+v on one", again, err, got)
				}
			}
		}
	}
}

// Data against data of the same distribution have ½ within 3 standard errors, of 20 pairs all but
// one, and their mean over pairs within 3 of its own.
func TestDataAgainstData(t *testing.T) {
	const n, pairs = 300, 20
	m := random(12, 8, 0.7, 1)
	for what, points := range map[string]func(seed uint64) []float32{
		"normal points": func(seed uint64) []float32 { return normals(n, 12, seed) },
		"bits":          func(seed uint64) []float32 { return samples(t, m, n, seed) },
	} {
		outside, sum, variance := 0, 0.0, 0.0
		for seed := range uint64(pairs) {
			a := accuracy(t, points(2*seed), points(2*seed+1), 12)
			if seed == 0 {
				t.Logf("%s: %.3f, %.3f ± %.3f, mean %.3f ± %.3f", what, a.Truth, a.Synthetic, a.StandardError, a.Accuracy, a.AccuracyError)
			}
			if max(math.Abs(a.Truth-0.5), math.Abs(a.Synthetic-0.5)) > 3*a.StandardError {
				outside++
			}
			sum, variance = sum+a.Accuracy-0.5, variance+a.AccuracyError*a.AccuracyError
		}
		if outside > 1 {
			t.Errorf("%s: %d of %d pairs are outside ½ ± 3 standard errors", what, outside, pairs)
		}
		near(t, what+": mean of accuracies", sum/pairs, 0, 3*math.Sqrt(variance)/pairs)
	}
}

// Copies of the data have 0, points elsewhere have 1, and samples of another machine are found out.
func TestWhatIsNotLikeData(t *testing.T) {
	const n = 500
	data := normals(n, 12, 1)
	if a := accuracy(t, data, data, 12); a.Truth != 0 || a.Synthetic != 0 {
		t.Errorf("copies have %v and %v, want 0", a.Truth, a.Synthetic)
	}
	far := normals(n, 12, 2)
	for i := range far {
		far[i] += 100
	}
	if a := accuracy(t, data, far, 12); a.Truth != 1 || a.Synthetic != 1 {
		t.Errorf("points elsewhere have %v and %v, want 1", a.Truth, a.Synthetic)
	}
	m, other := random(12, 8, 0.7, 1), random(12, 8, 0.7, 2)
	if a := accuracy(t, samples(t, m, n, 1), samples(t, other, n, 2), 12); a.Accuracy < 0.5+5*a.AccuracyError {
		t.Errorf("samples of another machine have %.3f ± %.3f", a.Accuracy, a.AccuracyError)
	}
}

// The standard errors are the deviations over ways to call half of the points data: 2000 of them, whose
// deviation has a relative error of 1/√4000; the test allows 5, and 1/n for draws without
// replacement.
func TestStandardErrorOfAdversarialAccuracy(t *testing.T) {
	const n, tries = 30, 2000
	for what, points := range map[string][]float32{
		"normal points": normals(2*n, 10, 5), "bits": samples(t, random(6, 6, 0.5, 1), 2*n, 1), "a line": normals(2*n, 1, 6),
	} {
		d := len(points) / (2 * n)
		var truths, means []float64
		var claimed *Adversarial
		order := make([]int32, 2*n)
		for try := range uint64(tries) {
			stream("shuffle").Shuffle(try, order)
			mixed := make([]float32, 0, len(points))
			for _, i := range order {
				mixed = append(mixed, points[int(i)*d:int(i+1)*d]...)
			}
			claimed = accuracy(t, mixed[:n*d], mixed[n*d:], d)
			truths, means = append(truths, claimed.Truth), append(means, claimed.Accuracy)
		}
		deviation := func(x []float64) float64 { return newMean(x).StandardError * math.Sqrt(tries) }
		const allowed = 5/63.2 + 1./n
		near(t, what+": standard error", claimed.StandardError/deviation(truths), 1, allowed)
		near(t, what+": of the mean", claimed.AccuracyError/deviation(means), 1, allowed)
	}
}

// What cannot be compared is refused.
func TestAdversarialAccuracyRefuses(t *testing.T) {
	ctx := context.Background()
	_, err := AdversarialAccuracy(ctx, nil, make([]float32, 3), make([]float32, 3), 3)
	refused(t, err, "two or more rows of 3")
	_, err = AdversarialAccuracy(ctx, nil, make([]float32, 6), make([]float32, 9), 3)
	refused(t, err, "as many samples as data")
	_, err = AdversarialAccuracy(ctx, nil, make([]float32, 2), []float32{0, float32(math.Inf(1))}, 1)
	refused(t, err, "infinite")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err = AdversarialAccuracy(ended, nil, make([]float32, 2), make([]float32, 2), 1); err == nil {
		t.Error("no error of the context")
	}
}

func BenchmarkAdversarialAccuracy(b *testing.B) {
	pool := parallel.New(0)
	defer pool.Close()
	data, samples := normals(2000, 784, 1), normals(2000, 784, 2)
	for range b.N {
		if _, err := AdversarialAccuracy(context.Background(), pool, data, samples, 784); err != nil {
			b.Fatal(err)
		}
	}
}
