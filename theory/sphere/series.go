package sphere

// order is the degree at which series are cut off.
const order = 10

// series is a power series Σ c[i][j]·u^i·v^j, i+j ≤ order.
type series [order + 1][order + 1]float64

// linear returns c + a·u + b·v.
func linear(c, a, b float64) *series {
	s := new(series)
	s[0][0], s[1][0], s[0][1] = c, a, b
	return s
}

// plus returns s + c·t.
func (s *series) plus(c float64, t *series) *series {
	sum := *s
	for i := range s {
		for j := range order + 1 - i {
			sum[i][j] += c * t[i][j]
		}
	}
	return &sum
}

// times returns s·t.
func (s *series) times(t *series) *series {
	product := new(series)
	for i := range s {
		for j := range order + 1 - i {
			if s[i][j] == 0 {
				continue
			}
			for k := range order + 1 - i - j {
				for l := range order + 1 - i - j - k {
					product[i+k][j+l] += s[i][j] * t[k][l]
				}
			}
		}
	}
	return product
}

// power returns s^a of a series whose constant term c is above zero: Σ_n (a over n)·c^{a-n}·(s-c)^n,
// which ends, as s-c begins with degree 1. first is c^a.
func (s *series) power(a, first float64) *series {
	c := s[0][0]
	rest := s.plus(-c, linear(1, 0, 0))
	sum, power, factor := new(series), linear(1, 0, 0), first
	for n := range order + 1 {
		sum = sum.plus(factor, power)
		power = power.times(rest)
		factor *= (a - float64(n)) / (float64(n+1) * c)
	}
	return sum
}
