package freeenergy

import (
	"cmp"
	"math"
	"slices"

	"ergon/sweep/estimate"
	"ergon/theory/temperature"
)

// Curve is what a rule, at one point of all grid axes but the learning rate, settles to at each rate.
// What is not known is nil.
type Curve struct {
	Label    string    `json:"label"`
	RateIs   string    `json:"rate_is"`   // effective_lr, η/|w|², where all runs have one, or lr
	Rates    int       `json:"rates"`     // of the grid
	Known    int       `json:"known"`     // of them, those with a state: one a row
	Seeds    int       `json:"seeds"`     // of the benchmark
	Used     []uint64  `json:"used"`      // seeds that the states are means of
	Rows     []*Row    `json:"rows"`      // by ascending rate
	Law      *Law      `json:"law"`       // T = c·η^b by the scatter of rates about it; of three temperatures or more
	LawSeeds *Law      `json:"law_seeds"` // the same, with intervals by leaving out seeds; of three seeds or more
	Ratio    *Ratio    `json:"t_over_threshold"`
	Missing  []Missing `json:"missing"`           // runs that are not used
	Problem  string    `json:"problem,omitempty"` // why there are no temperatures

	smoothed []temperature.State // of the rows, as brackets see them; nil without temperatures
}

// Smoothed returns the states of the rows as temperatures are told from them; nil where none are.
func (c *Curve) Smoothed() []temperature.State { return c.smoothed }

// Ratio is the geometric mean of T/kT* over the rates of a curve that have both.
type Ratio struct {
	// Rates has the interval of Student's t on the logarithms of the rates' ratios. Neighbouring
	// rates share the states that bracket them and are not independent: it says how much the ratio
	// changes along the curve, not how well it is known.
	Rates *estimate.Estimate `json:"rates"`
	// Seeds has the interval by leaving out one seed after the other; nil of fewer than three.
	Seeds *estimate.Estimate `json:"seeds"`
}

// New computes a curve from the runs of all rates.
func New(label string, rates []Rate, settings Settings) *Curve {
	chosen := choose(rates)
	c := &Curve{
		Label: label, Rates: len(rates), Known: len(chosen.rates), Seeds: len(seedsOf(rates)), Used: chosen.seeds,
		Rows: []*Row{}, Missing: chosen.missing,
	}
	if c.Used == nil {
		c.Used = []uint64{}
	}
	if c.Missing == nil {
		c.Missing = []Missing{}
	}
	scale := scaleOf(chosen.rates)
	c.RateIs = scale.name
	for _, rate := range chosen.rates {
		c.Rows = append(c.Rows, newRow(rate, scale))
	}
	slices.SortStableFunc(c.Rows, func(a, b *Row) int { return cmp.Compare(a.Rate, b.Rate) })
	c.temperatures(settings)
	return c
}

// temperatures tells T of each row, and what depends on it. With fewer than two rates there is none.
func (c *Curve) temperatures(settings Settings) {
	if len(c.Rows) < 2 {
		return
	}
	sweep := c.sweep()
	c.smoothed = temperature.Smooth(sweep.States(-1), settings.Smooth)
	intervals, err := temperature.Bracket(c.smoothed, settings.Slack)
	if err != nil {
		c.Problem, c.smoothed = err.Error(), nil
		return
	}
	t, deviation, err := sweep.Temperatures(settings.Smooth, settings.Slack)
	if err != nil { // without one of the seeds, which the states of all say nothing of
		c.Problem = err.Error()
		return
	}
	for i, row := range c.Rows {
		row.told(intervals[i], t[i], deviation[i])
		if row.T != nil {
			valley := temperature.Minimum(c.smoothed, t[i]) == i && temperature.Valley(c.smoothed, t[i])
			row.Valley = &valley
		}
	}
	c.Law = newLaw(sweep.Rates, t)
	c.LawSeeds = lawOfSeeds(sweep, settings)
	c.Ratio = c.ratio(sweep, settings)
}

// sweep returns the states of all seeds.
func (c *Curve) sweep() *temperature.Sweep {
	s := new(temperature.Sweep)
	for _, row := range c.Rows {
		s.Rates = append(s.Rates, row.Rate)
		s.Energy, s.Entropy = append(s.Energy, row.energy), append(s.Entropy, row.entropy)
	}
	return s
}

// ratio compares temperatures with the thresholds kT*; nil where no rate has both.
func (c *Curve) ratio(sweep *temperature.Sweep, settings Settings) *Ratio {
	var t, threshold []float64
	for _, row := range c.Rows {
		if row.Ratio != nil {
			t, threshold = append(t, *row.T), append(threshold, *row.Threshold)
		}
	}
	over := estimate.Ratio(t, threshold)
	if over == nil {
		return nil
	}
	n := sweep.Runs()
	value, deviation, err := temperature.Jackknife(n, func(leftOut int) ([]float64, error) {
		t, err := temperature.Temperatures(sweep.States(leftOut), settings.Smooth, settings.Slack)
		return []float64{c.logRatio(t, leftOut)}, err
	})
	r := &Ratio{Rates: over}
	if err == nil && n >= leastSeeds {
		reach := temperature.Reach(deviation[0], n)
		r.Seeds = interval(over.Mean, math.Exp(value[0]-reach), math.Exp(value[0]+reach), n)
	}
	return r
}

// logRatio returns the mean of ln(T/kT*) without one seed, over the rates that have both with all
// seeds; NaN if one of them lacks it.
func (c *Curve) logRatio(t []float64, leftOut int) float64 {
	sum, n := 0.0, 0.0
	for i, row := range c.Rows {
		if row.Ratio != nil {
			sum, n = sum+math.Log(t[i]/without(row.thresholds, leftOut)), n+1
		}
	}
	return sum / n
}
