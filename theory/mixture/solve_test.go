package mixture

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// parabola is v²/2, which makes learning linear.
type parabola struct{}

func (parabola) At(v float64) (value, first, second float64) { return v * v / 2, v, 1 }

// regression is linear regression on a teacher w*, for w - w*: examples without
// clusters, and the ridge term around w* as a constant gradient. Here α = 3, λ = 0.5,
// η = 0.1, w(0) = 0.2·w* + N(0, 1).
func regression(p float64) *Problem {
	return &Problem{
		Clusters: 1, Alpha: 3, Delta: 1, Loss: parabola{}, Lambda: 0.5, Drive: 0.5, R: 1, M0: 0.2 - 1,
		Rates: Constant(0.1, 40), P: p, B: 1, Clip: math.Inf(1),
	}
}

// Averages over paths of what is linear have no noise: regression comes out as from
// the spectrum of its examples, to the digits at which those values are known.
func TestRegression(t *testing.T) {
	c := solved(t, regression(1), 1000)
	for step, want := range map[int]float64{1: 0.43, 2: 0.5555, 3: 0.63078, 5: 0.71226, 10: 0.78243, 20: 0.80890, 30: 0.81284, 40: 0.81362} {
		within(t, "m", c.M[step]+1, want, 0.0000051)
	}
	for step, want := range map[int]float64{0: 1.64, 1: 0.79660, 2: 0.47762, 3: 0.32062, 5: 0.17625, 10: 0.07655, 20: 0.04856, 30: 0.04527, 40: 0.04465} {
		within(t, "e", c.C[step], want, 0.0000051)
	}
	c = solved(t, regression(0.5), 1000)
	for step, want := range map[int]float64{1: 0.315, 2: 0.40388, 3: 0.47341, 5: 0.57254, 10: 0.69832, 20: 0.77780, 40: 0.80805} {
		within(t, "masked m", c.M[step]+1, want, 0.0000051)
	}
	for step, want := range map[int]float64{1: 1.2183, 2: 0.93306, 3: 0.73302, 5: 0.48089, 10: 0.21554, 20: 0.08533, 40: 0.04947} {
		within(t, "masked e", c.C[step], want, 0.0000051)
	}
}

// references are two clusters by theory, and by simulations of d = 600 with six
// seeds, elsewhere: m, C, error, training loss at steps 10 and 50.
var references = []struct {
	p, b, eta         float64
	theory, simulated [2][4]float64
}{
	{1, 1, 0.2, [2][4]float64{{1.0187, 1.3213, 0.1051, 0.2909}, {1.594, 3.460, 0.1128, 0.1856}},
		[2][4]float64{{1.020, 1.331, 0.1056, 0.2909}, {1.598, 3.482, 0.1130, 0.1859}}},
	{0.5, 1, 0.2, [2][4]float64{{0.6790, 0.6285, 0.1129, 0.3843}, {1.409, 2.625, 0.1094, 0.2172}},
		[2][4]float64{{0.683, 0.636, 0.1129, 0.3821}, {1.409, 2.633, 0.1097, 0.2163}}},
	{0.2, 1, 1, [2][4]float64{{1.0342, 1.7176, 0.1322, 0.3008}, {1.607, 3.557, 0.1141, 0.1869}},
		[2][4]float64{{1.026, 1.732, 0.1351, 0.2999}, {1.599, 3.544, 0.1149, 0.1858}}},
	{1, 0.3, 0.2, [2][4]float64{{0.4412, 0.2598, 0.1105, 0.4677}, {0.924, 1.105, 0.1069, 0.3114}},
		[2][4]float64{{0.440, 0.259, 0.1109, 0.4688}, {0.928, 1.116, 0.1071, 0.3110}}},
}

// The reference values are found, within 2 % of m and C, 0.002 of the error and 0.003
// of the loss, and no error is below the floor.
func TestReferences(t *testing.T) {
	for _, r := range references {
		p := twoClusters(r.p, r.b, r.eta)
		c := solved(t, p, 5000)
		for i, step := range []int{10, 50} {
			near(t, "m by theory", c.M[step], r.theory[i][0], 0.02)
			near(t, "C by theory", c.C[step], r.theory[i][1], 0.02)
			within(t, "error by theory", c.Error[step], r.theory[i][2], 0.002)
			within(t, "loss by theory", c.TrainLoss[step], r.theory[i][3], 0.003)
			near(t, "m", c.M[step], r.simulated[i][0], 0.02)
			near(t, "C", c.C[step], r.simulated[i][1], 0.02)
			within(t, "error", c.Error[step], r.simulated[i][2], 0.003) // 2.9e-3 is the simulations' own at p = 0.2
			within(t, "loss", c.TrainLoss[step], r.simulated[i][3], 0.003)
		}
		for step, e := range c.Error {
			if e < p.BayesError() {
				t.Errorf("p %v, b %v: error %v of step %d is below %v", r.p, r.b, e, step, p.BayesError())
			}
		}
	}
}

// From a start that says little of v*, no trajectory gets below the floor of three
// clusters, and it can get near.
func TestThreeClustersAboveFloor(t *testing.T) {
	p := twoClusters(1, 1, 0.3)
	p.Clusters, p.Door, p.M0, p.R, p.Delta, p.Alpha, p.Lambda = 3, 0.6, 0.05, 0.1, 0.2, 4, 1
	c, floor := solved(t, p, 2000), p.BayesError()
	least := 1.0
	for _, e := range c.Error {
		least = min(least, e)
	}
	if least < floor || least > 1.3*floor {
		t.Errorf("least error %v, floor %v", least, floor)
	}
}

// Where nothing reaches the clip, averages over paths of weights are the exact
// recursion's: exactly so without a mask, and nearly with one.
func TestClipOutOfReach(t *testing.T) {
	for p, precision := range map[float64]float64{1: 2e-4, 0.5: 1e-3} {
		free := twoClusters(p, 1, 0.2)
		clipped := twoClusters(p, 1, 0.2)
		clipped.Clip = 1e6
		free.Rates, clipped.Rates = free.Rates[:25], clipped.Rates[:25]
		a, b := solved(t, free, 4000), solved(t, clipped, 4000)
		for step := range a.M {
			within(t, "m", b.M[step], a.M[step], precision)
			within(t, "C", b.C[step], a.C[step], 3*precision)
			within(t, "loss", b.TrainLoss[step], a.TrainLoss[step], precision)
			within(t, "M1", b.M1[step], a.M1[step], 0.02*a.M1[step])
			within(t, "M1Min", b.M1Min[step], a.M1Min[step], 0.02*a.M1Min[step])
			for s := range step {
				within(t, "R", b.Response[step][s], a.Response[step][s], 1e-4+0.1*(1-p)*a.Response[step][s]) // of the mask of step s alone 3/√4000
				within(t, "C(t, s)", b.Correlation[step][s], a.Correlation[step][s], 3*precision)
			}
		}
	}
}

// A clip so low that every gradient reaches it makes each step a sign: the change is
// exactly η·p·κ, and the dissipation κ·⟨|G|⟩.
func TestClipThatAllReach(t *testing.T) {
	p := twoClusters(0.5, 1, 0.2)
	p.Rates, p.Clip = Constant(0.2, 5), 1e-9
	c := solved(t, p, 2000)
	for step := range 5 {
		near(t, "M1", c.M1[step], 0.2*0.5*1e-9, 1e-7)
		near(t, "M1Min", c.M1Min[5], 5*0.2*0.5*1e-9, 1e-6) // the gradient never turns
		within(t, "m", c.M[step], 0, 1e-9)
	}
}

// Examples that stay for the time η/b are examples drawn anew.
func TestShortestPersistence(t *testing.T) {
	vanilla, persistent := twoClusters(0.5, 0.25, 0.125), twoClusters(0.5, 0.25, 0.125)
	vanilla.Rates, persistent.Rates = Constant(0.125, 8), Constant(0.125, 8)
	persistent.Tau = 0.125 / 0.25
	if a, b := solved(t, vanilla, 1000), solved(t, persistent, 1000); !reflect.DeepEqual(a, b) {
		t.Errorf("C after 8 steps %v and %v", a.C[8], b.C[8])
	}
	persistent.Tau = 5
	if a, b := solved(t, vanilla, 1000), solved(t, persistent, 1000); math.Abs(a.C[8]/b.C[8]-1) < 0.01 {
		t.Errorf("examples that stay ten times as long make no difference: C %v and %v", a.C[8], b.C[8])
	}
}

// In small steps a mask is nothing but a lower learning rate.
func TestMaskIsRate(t *testing.T) {
	masked, plain := twoClusters(0.25, 1, 0.004), twoClusters(1, 1, 0.001)
	masked.Rates, plain.Rates = masked.Rates[:24], plain.Rates[:24]
	a, b := solved(t, masked, 1000), solved(t, plain, 1000)
	near(t, "m", a.M[24], b.M[24], 2e-3)
	near(t, "C", a.C[24], b.C[24], 0.02)
	near(t, "changes", a.M0Total()[24], 0.25*b.M0Total()[24], 1e-12)
	if a.C[24] < 1.001*b.C[24] {
		t.Errorf("C %v and %v: the mask made no noise", a.C[24], b.C[24])
	}
}

// The result is the same bits on any number of cores, another with another seed, and
// changes little with a setting: paths share their random numbers.
func TestSolveRepeats(t *testing.T) {
	p := twoClusters(0.5, 0.3, 0.2)
	p.Clip, p.Rates = 0.2, Constant(0.2, 10)
	first := solved(t, p, 2000)
	cores := runtime.GOMAXPROCS(1)
	second := solved(t, p, 2000)
	runtime.GOMAXPROCS(cores)
	if !reflect.DeepEqual(first, second) {
		t.Error("another result on one core")
	}
	other, err := p.Solve(context.Background(), 2000, 2)
	if err != nil {
		t.Fatal(err)
	}
	noise := math.Abs(other.M[10] - first.M[10])
	if noise == 0 {
		t.Error("the same result with another seed")
	}
	p.Clip = 0.2002
	if moved := math.Abs(solved(t, p, 2000).M[10] - first.M[10]); moved == 0 || moved > 0.002*first.M[10] {
		t.Errorf("m moves by %v with a thousandth of the clip, by %v with the seed", moved, noise)
	}
}

func TestSolveStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	p := twoClusters(1, 1, 0.2)
	steps := 0
	p.Stepped = func() {
		if steps++; steps == 3 {
			stop()
		}
	}
	if _, err := p.Solve(ctx, 1000, 0); !errors.Is(err, context.Canceled) || steps != 3 {
		t.Errorf("error %v after %d steps, want %v after 3", err, steps, context.Canceled)
	}
	if _, err := p.Simulate(ctx, 50, 0, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("simulation: error %v", err)
	}
}

// Learning that runs away ends in an error, by theory and simulated.
func TestDivergence(t *testing.T) {
	p := regression(1)
	p.Rates = Constant(50, 200)
	if _, err := p.Solve(context.Background(), 2000, 0); err == nil || !strings.Contains(err.Error(), "learning diverges") {
		t.Errorf("theory: error %v", err)
	}
	if _, err := p.Simulate(context.Background(), 50, 0, 0); err == nil || !strings.Contains(err.Error(), "diverges") {
		t.Errorf("simulation: error %v", err)
	}
}

// So few changes that no path has one are no divergence, and no detour.
func TestHardlyAnyChanges(t *testing.T) {
	for _, clip := range []float64{1, math.Inf(1)} {
		p := twoClusters(1e-9, 1, 0.2)
		p.Rates, p.Clip = Constant(0.2, 4), clip
		c := solved(t, p, 500)
		near(t, "M0", c.M0Total()[4], 4e-9, 1e-12)
		near(t, "inefficiency", c.Inefficiency()[4], 1, 1e-12)
	}
}
