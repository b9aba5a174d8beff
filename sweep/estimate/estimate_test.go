package estimate

import (
	"encoding/json"
	"math"
	"testing"
)

// The 97.5 % quantiles of Student's t with 1, 2 and 9 degrees of freedom, from
// NIST's e-Handbook of Statistical Methods, 1.3.6.7.2.
const t1, t2, t9 = 12.706, 4.303, 2.262

// near compares an estimate with a mean and the factor by which its ends lie above
// and below, to the digits that the tables of t have.
func near(t *testing.T, what string, got *Estimate, mean, factor float64, n int) {
	t.Helper()
	if got == nil || got.Lo == nil || got.Hi == nil {
		t.Fatalf("%s: got %v, and an interval was to be known", what, got)
	}
	for _, c := range []struct{ got, want float64 }{{got.Mean, mean}, {*got.Lo, mean / factor}, {*got.Hi, mean * factor}} {
		if math.Abs(c.got/c.want-1) > 5e-4*math.Max(1, math.Log(factor)) {
			t.Errorf("%s: got %v, want %v with ends a factor %v away", what, got, mean, factor)
		}
	}
	if got.N != n {
		t.Errorf("%s: n = %d, want %d", what, got.N, n)
	}
}

// The standard deviations of 1, 3; of 28, 30, 32; of seven 9 and three 19 are √2, 2
// and 10·√(10/9·0.21).
func TestMeanByHand(t *testing.T) {
	near(t, "two", Mean([]float64{1, 3}), 2, math.Exp(t1*math.Sqrt2/2/math.Sqrt2), 2)
	near(t, "three", Mean([]float64{28, 30, 32}), 30, math.Exp(t2*2/30/math.Sqrt(3)), 3)
	near(t, "ten", Mean([]float64{9, 9, 9, 9, 9, 9, 9, 19, 19, 19}), 12, math.Exp(t9*10*math.Sqrt(2.1/9)/12/math.Sqrt(10)), 10)
}

// The ratios 2, 4, 8 have the geometric mean 4, and their logarithms the standard
// deviation log 2.
func TestRatioByHand(t *testing.T) {
	near(t, "over 1", Ratio([]float64{2, 4, 8}, []float64{1, 1, 1}), 4, math.Exp2(t2/math.Sqrt(3)), 3)
	near(t, "2 under", Ratio([]float64{2, 2}, []float64{1, 0.25}), 4, math.Exp2(t1), 2)
}

// What a seed does to both of a pair does not widen the interval of their ratio,
// as it widens those of the two.
func TestRatioIsPaired(t *testing.T) {
	e := Ratio([]float64{1, 10, 100}, []float64{2, 20, 200})
	if e.Mean != 0.5 || *e.Lo != 0.5 || *e.Hi != 0.5 {
		t.Errorf("got %v, want 0.5 exactly", e)
	}
	near(t, "unequal", Ratio([]float64{2, 40, 800}, []float64{1, 10, 100}), 4, math.Exp2(t2/math.Sqrt(3)), 3)
	defer func() {
		if recover() == nil {
			t.Error("lists of different length are no pairs")
		}
	}()
	Ratio([]float64{1, 2}, []float64{1})
}

// Equal values have an interval of no width, to the last digit; a single one has none.
func TestEqualAndSingle(t *testing.T) {
	for _, v := range []float64{0, 0.1, 1e-300, 7, math.MaxFloat64} {
		for n := 2; n <= 11; n++ {
			values := make([]float64, n)
			for i := range values {
				values[i] = v
			}
			if e := Mean(values); e.Mean != v || *e.Lo != v || *e.Hi != v || e.N != n {
				t.Errorf("%d times %v: %+v", n, v, e)
			}
		}
		if e := Mean([]float64{v}); e.Mean != v || e.Lo != nil || e.Hi != nil || e.N != 1 {
			t.Errorf("%v alone: %+v", v, e)
		}
	}
	if e := Ratio([]float64{3, 9, 0.75}, []float64{1, 3, 0.25}); e.Mean != 3 || *e.Lo != 3 || *e.Hi != 3 {
		t.Errorf("three times 3: %+v", e)
	}
	if e := Ratio([]float64{3}, []float64{1}); e.Mean != 3 || e.Lo != nil || e.Hi != nil || e.N != 1 {
		t.Errorf("3 alone: %+v", e)
	}
}

// What cannot be told is nil, and never NaN or Inf, which JSON does not have.
func TestUnknown(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, values := range [][]float64{nil, {}, {1, -1}, {1, nan}, {nan}, {inf}, {1, inf}, {inf, inf}, {1e308, 1.7e308}} {
		if e := Mean(values); e != nil {
			t.Errorf("mean of %v: %v", values, e)
		}
	}
	for _, v := range []float64{0, -1, nan, inf} {
		for _, pair := range [][2][]float64{{{1, v}, {1, 1}}, {{1, 1}, {1, v}}, {{v}, {v}}, {{v}, {1}}, {{1}, {v}}} {
			if e := Ratio(pair[0], pair[1]); e != nil {
				t.Errorf("ratio of %v: %v", pair, e)
			}
		}
	}
	if e := Ratio(nil, nil); e != nil {
		t.Errorf("ratio of nothing: %v", e)
	}
	if e := Ratio([]float64{1e300}, []float64{1e-300}); e != nil {
		t.Errorf("ratio of 1e600: %v", e)
	}
	for _, e := range []*Estimate{Ratio([]float64{1e-300, 1e300}, []float64{1, 1}), Mean([]float64{1e300, 1e302})} {
		if text, err := json.Marshal(e); err != nil || e.N != 2 {
			t.Errorf("%s, %v", text, err)
		}
	}
	if e := Ratio([]float64{1e-300, 1e300}, []float64{1, 1}); e.Lo != nil || e.Hi != nil {
		t.Errorf("an interval beyond all numbers: %v", e)
	}
}

// Zeros count: the mean of 0 and 2 is 1, with the interval of any other two values.
func TestMeanWithZeros(t *testing.T) {
	near(t, "0 and 2", Mean([]float64{0, 2}), 1, math.Exp(t1*math.Sqrt2/math.Sqrt2), 2)
}

func TestWithin(t *testing.T) {
	e := interval(3, 2, 5)
	for _, c := range []struct{ lo, hi, wantLo, wantHi float64 }{{0, 9, 2, 5}, {2.5, 9, 2.5, 5}, {0, 4, 2, 4}, {2, 5, 2, 5}} {
		if got := e.Within(c.lo, c.hi); got.Mean != 3 || got.N != 7 || *got.Lo != c.wantLo || *got.Hi != c.wantHi {
			t.Errorf("within [%v, %v]: %v", c.lo, c.hi, got)
		}
	}
	if *e.Lo != 2 || *e.Hi != 5 {
		t.Errorf("the estimate itself became %v", e)
	}
	single := &Estimate{Mean: 3, N: 1}
	if single.Within(0, 1) != single || (*Estimate)(nil).Within(0, 1) != nil {
		t.Error("without an interval there is nothing to cut")
	}
}

func TestSpread(t *testing.T) {
	if below, above := interval(3, 2, 5).Spread(); below != 1 || above != 2 {
		t.Errorf("got %v and %v, want 1 and 2", below, above)
	}
	if below, above := (&Estimate{Mean: 3, N: 1}).Spread(); below != 0 || above != 0 {
		t.Errorf("of one run: %v and %v", below, above)
	}
}

func interval(mean, lo, hi float64) *Estimate { return &Estimate{Mean: mean, Lo: &lo, Hi: &hi, N: 7} }

func TestAsText(t *testing.T) {
	for _, c := range []struct {
		e    *Estimate
		want string
	}{
		{nil, "–"},
		{interval(4.7712e9, 4.61e9, 4.931e9), "4.77 (4.61–4.93)e9"},
		{interval(9.9e4, 9e4, 1.1e5), "99000 (90000–110000)"},
		{interval(200, 0.0348, 1.2e7), "200 (0.0348–12000000)"},
		{interval(2e5, 3, 1.2e7), "2 (3e-05–120)e5"},
		{interval(1.5, 1.5, 1.5), "1.5"},
		{interval(1.062e8, 1.06e8, 1.064e8), "1.06e8"},
		{interval(1.062, 1.062, 1.07), "1.06 (1.06–1.07)"},
		{interval(1.062, 1.05, 1.062), "1.06 (1.05–1.06)"},
		{interval(1.66, 1.1, 2), "1.66 (1.1–2)"},
		{interval(46872, 40000, 50000), "46872 (40000–50000)"},
		{interval(2e5, 2e5, 2e5), "2e5"},
		{interval(0, 0, 0), "0"},
		{&Estimate{Mean: 46872, N: 1}, "46872"},
		{&Estimate{Mean: 2e5, N: 1}, "2e5"},
		{&Estimate{Mean: 1e5, N: 1}, "1e5"},
		{&Estimate{Mean: 99999, N: 1}, "99999"},
		{&Estimate{Mean: 4e-4, N: 1}, "4e-4"},
		{&Estimate{Mean: 0.01, N: 1}, "0.01"},
		{&Estimate{Mean: 0.00999, N: 1}, "9.99e-3"},
		{&Estimate{Mean: 0, N: 1}, "0"},
		{&Estimate{Mean: 99.96, N: 1}, "100"},
		{&Estimate{Mean: 100, N: 1}, "100"},
		{&Estimate{Mean: 123.4, N: 1}, "123"},
	} {
		if got := c.e.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// An estimate in another unit is the same estimate.
func TestTimes(t *testing.T) {
	if (*Estimate)(nil).Times(100) != nil {
		t.Error("nothing became something")
	}
	if one := Mean([]float64{0.5}).Times(100); one.Mean != 50 || one.Lo != nil || one.Hi != nil || one.N != 1 {
		t.Errorf("of one value %+v", one)
	}
	share := Mean([]float64{0.25, 0.75}).Within(0, 1)
	percent := share.Times(100)
	if percent.Mean != 50 || *percent.Lo != 100**share.Lo || *percent.Hi != 100 || percent.N != 2 || *share.Hi != 1 {
		t.Errorf("%+v of %+v", percent, share)
	}
}

// The standard deviation of -1, 1, 3 is 2. Numbers of any sign have symmetric intervals.
func TestSignedByHand(t *testing.T) {
	e := Signed([]float64{-1, 1, 3})
	reach := t2 * 2 / math.Sqrt(3)
	if e.Mean != 1 || e.N != 3 || math.Abs(*e.Lo-(1-reach)) > 2e-3 || math.Abs(*e.Hi-(1+reach)) > 2e-3 {
		t.Errorf("got %v with N = %d, want 1 ± %v", e, e.N, reach)
	}
	if one := Signed([]float64{-3}); one.Mean != -3 || one.Lo != nil || one.N != 1 {
		t.Errorf("one value: %v", one)
	}
	if same := Signed([]float64{-0.1, -0.1, -0.1}); same.Mean != -0.1 || *same.Lo != -0.1 || *same.Hi != -0.1 {
		t.Errorf("equal values: %v", same)
	}
	for _, none := range [][]float64{nil, {1, math.NaN()}, {math.Inf(1), 1}} {
		if e := Signed(none); e != nil {
			t.Errorf("%v: got %v", none, e)
		}
	}
}
