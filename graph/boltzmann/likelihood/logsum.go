package likelihood

import "math"

// logSum is ln Σ e^x of the numbers added so far, as most + ln sum with sum = Σ e^(x-most):
// nothing overflows.
type logSum struct{ most, sum float64 }

func newLogSum() logSum { return logSum{most: math.Inf(-1)} }

func (l *logSum) add(x float64) {
	if x > l.most {
		l.sum = l.sum*math.Exp(l.most-x) + 1
		l.most = x
		return
	}
	l.sum += math.Exp(x - l.most)
}

// addSum adds the numbers of another.
func (l *logSum) addSum(other logSum) {
	if other.most > l.most {
		*l, other = other, *l
	}
	l.sum += other.sum * math.Exp(other.most-l.most)
}

func (l *logSum) value() float64 { return l.most + math.Log(l.sum) }

// LogMean is what weights tell of their mean: of n numbers x, independent of each other,
// ln ⟨e^x⟩.
type LogMean struct {
	Value float64 // ln of the mean of e^x
	// StandardError of Value, by the delta method: deviation of e^x over √n and the mean. It
	// tells of the numbers that were seen: if few of them carry the mean, it is too small.
	StandardError float64
	// Effective is how many equal weights would tell as much, (Σ e^x)² / Σ e^2x: 1 to n.
	Effective float64
}

// NewLogMean returns the LogMean of x, n ≥ 1. The standard error of one number is NaN; NaN
// among the numbers makes all of it NaN.
func NewLogMean(x []float64) LogMean {
	w := relative(x)
	n, square := float64(len(x)), 0.0
	for _, v := range w {
		square += v * v
	}
	// Σ(w-1)² = Σw² - n, since the mean of w is 1.
	return LogMean{
		Value:         logMean(x),
		StandardError: math.Sqrt(max(0, square-n) / (n - 1) / n),
		Effective:     n * n / square,
	}
}

// relative returns e^x over their mean. The largest is taken out before the logarithm, which is
// lost beside numbers above 10¹⁶.
func relative(x []float64) []float64 {
	most, sum, w := math.Inf(-1), 0.0, make([]float64, len(x))
	for _, v := range x {
		most = max(most, v)
	}
	for i, v := range x {
		w[i] = math.Exp(v - most)
		sum += w[i]
	}
	for i := range w {
		w[i] *= float64(len(x)) / sum
	}
	return w
}

// logMean returns ln ⟨e^x⟩.
func logMean(x []float64) float64 {
	sum := newLogSum()
	for _, v := range x {
		sum.add(v)
	}
	return sum.value() - math.Log(float64(len(x)))
}
