package mixture

import (
	"context"
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// Lists have exactly the mean products of independent numbers, and still are
// normal: fourth moment 3, within its error √(96/n).
func TestNormals(t *testing.T) {
	const n = 5000
	lists, err := normals(context.Background(), new(parallel.Pool), philox.New(1, "mixture/test"), 20, n)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range lists {
		for j, b := range lists[:i+1] {
			want := 0.0
			if i == j {
				want = 1
			}
			within(t, "mean product", floats.Dot(a, b)/n, want, 1e-13)
		}
		fourth := 0.0
		for _, x := range a {
			fourth += x * x * x * x / n
		}
		if i > 0 {
			within(t, "fourth moment", fourth, 3, 4*math.Sqrt(96./n))
		}
	}
}

// The factor times itself is the covariance, of one that has a rest state too.
func TestCholesky(t *testing.T) {
	var l cholesky
	covariance := func(t, s int) float64 { return 1 + math.Exp(-float64(t+s)/2) + 0.1*math.Exp(-float64(t)-float64(s)) }
	for i := range 60 {
		row := make([]float64, i+1)
		for s := range row {
			row[s] = covariance(i, s)
		}
		l.grow(row)
		for s := range row {
			got := floats.Dot(l[i][:s+1], l[s])
			within(t, "covariance", got, row[s], 2*resolution*covariance(0, 0))
		}
	}
}

// A fitted noise has its products and its square exactly.
func TestFit(t *testing.T) {
	known := [][]float64{{1, 1, 1, 1}, {1, -1, 1, -1}}
	noise := []float64{3, 1, -2, 0.5}
	mean := products(noise, known)
	floats.Scale(0.25, mean)
	f := fitted(mean, 9)
	f.apply(noise, known)
	within(t, "root", f.root, 3, 1e-15)
	for k, want := range []float64{0, 0, 4} {
		within(t, "product", products(noise, known)[k], want, 1e-14)
	}
	if f := fitted([]float64{0, 0}, 0); f.scale != 0 {
		t.Errorf("a noise that is 0 is scaled by %v", f.scale)
	}
}
