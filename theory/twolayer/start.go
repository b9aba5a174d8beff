package twolayer

import (
	"reflect"
	"runtime"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/theory/committee"
)

// start returns the overlaps at t = 0: those that are given or, where both are
// empty, those of random weights. The default, which is for two units and two,
// counts as empty for any other number of them.
func (w *TwoLayer) start() (committee.State, error) {
	q, r := w.Q, w.R
	if (w.K != 2 || w.M != 2) && reflect.DeepEqual(q, defaultQ) && reflect.DeepEqual(r, defaultR) {
		q, r = nil, nil
	}
	if len(q) == 0 && len(r) == 0 {
		s := committee.Random(w.K, w.M, w.N, 0.5, philox.New(w.Seed, "twolayer/start"))
		copy(s.V, orOnes(w.V, w.K))
		return s, nil
	}
	s := committee.NewState(w.K, w.M)
	copy(s.V, orOnes(w.V, w.K))
	if err := fillMatrix("q", q, s.Q); err != nil {
		return s, err
	}
	if err := fillMatrix("r", r, s.R); err != nil {
		return s, err
	}
	return s, w.checkOverlaps(s)
}

// fillMatrix copies a matrix of the settings to one of the right shape. The setting may be
// one list of all numbers, row by row.
func fillMatrix(key string, given, to [][]float64) error {
	rows, columns := len(to), len(to[0])
	if flat := column(given); len(flat) == rows*columns && columns > 1 {
		given = nil
		for i := range rows {
			given = append(given, flat[i*columns:(i+1)*columns])
		}
	}
	if len(given) != rows {
		return schema.Fieldf(key, "%d rows, want %d of %d numbers; [] for both q and r: a random start", len(given), rows, columns)
	}
	for i, row := range given {
		if len(row) != columns {
			return schema.Fieldf(key, "row %d has %d numbers, want %d", i, len(row), columns)
		}
		copy(to[i], row)
	}
	return nil
}

// column returns the numbers of a matrix of one column, nil for any other.
func column(m [][]float64) (numbers []float64) {
	for _, row := range m {
		if len(row) != 1 {
			return nil
		}
		numbers = append(numbers, row[0])
	}
	return numbers
}

// checkOverlaps refuses overlaps that no weights have.
func (w *TwoLayer) checkOverlaps(s committee.State) error {
	for i := range s.Q {
		for k := range i {
			if s.Q[i][k] != s.Q[k][i] {
				return schema.Fieldf("q", "is not symmetric: q[%d][%d] = %g, q[%d][%d] = %g", k, i, s.Q[k][i], i, k, s.Q[i][k])
			}
		}
		if w.Activation == "relu" && s.Q[i][i] <= 0 {
			return schema.Fieldf("q", "q[%d][%d] = %g: a unit of relu without weights never learns; give it some", i, i, s.Q[i][i])
		}
	}
	l := w.learning()
	if _, least := l.Covariance(s).Root(); !(least >= -1e-9) {
		return schema.Fieldf("q", "no weights have the overlaps q and r: the matrix [q r; rᵀ 1] has the eigenvalue %.3g, and must have none below 0", least)
	}
	return nil
}

// cores is how many simulations run at the same time.
func (w *TwoLayer) cores() int { return min(w.Simulate, runtime.GOMAXPROCS(0)) }
