package energy

import (
	"math"
	"slices"
	"strings"
)

// Joules are a run's stages, priced by one table, in joules unless Unit says
// otherwise. A stage in which an event occurred that the table charges and does
// not price is nil, for a reason.
type Joules struct {
	Forward     *float64         `json:"forward"`
	Backward    *float64         `json:"backward"`
	Sampling    *float64         `json:"sampling,omitempty"` // missing where nothing is sampled
	Update      *float64         `json:"update"`
	Accumulate  *float64         `json:"accumulate,omitempty"` // missing where nothing that is charged happened beside the weights
	Maintenance *float64         `json:"maintenance"`
	Unpriced    map[Stage]string `json:"unpriced,omitempty"` // why a stage has no price
	Unit        string           `json:"unit"`               // J, unless the table is not one of energies
	Source      string           `json:"source"`
	File        string           `json:"file,omitempty"`   // of the table, if it is not a built-in one,
	SHA256      string           `json:"sha256,omitempty"` // and what that file held
	// Prices are those of the events that are charged, so that a result stays
	// readable when its table is changed.
	Prices map[Event]Price `json:"prices,omitempty"`
}

// Of returns the price of a stage, in joules, or nil.
func (j Joules) Of(s Stage) *float64 {
	switch s {
	case Forward:
		return j.Forward
	case Backward:
		return j.Backward
	case Sampled:
		return j.Sampling
	case Updating:
		return j.Update
	case Accumulating:
		return j.Accumulate
	}
	return j.Maintenance
}

// Includes reports whether a stage is in the bill, with a price or a reason why there is none.
func (j Joules) Includes(s Stage) bool { return j.Of(s) != nil || j.Unpriced[s] != "" }

// Price prices the ledger.
func (t *Table) Price(l *Ledger) Joules {
	j := Joules{Unpriced: map[Stage]string{}, Prices: map[Event]Price{}, Unit: t.Unit, Source: t.Source}
	if t.Technology != "" {
		j.Source = t.Technology + "; " + t.Source
	}
	if t.File != "" {
		j.File, j.SHA256 = t.File, t.SHA256
	}
	occurred := l.occurrences()
	for _, s := range Stages {
		if !t.billed(s, l, occurred[s]) {
			continue
		}
		sum, missing := t.bill(s, occurred[s], j.Prices)
		if unknown := l.unknown(s); unknown != "" && t.chargesMemory(s) {
			missing = strings.TrimSuffix(unknown+"; "+missing, "; ")
		}
		if missing != "" {
			j.Unpriced[s] = missing
			continue
		}
		j.set(s, &sum)
	}
	return j
}

// set enters the price of a stage.
func (j *Joules) set(s Stage, sum *float64) {
	switch s {
	case Forward:
		j.Forward = sum
	case Backward:
		j.Backward = sum
	case Sampled:
		j.Sampling = sum
	case Updating:
		j.Update = sum
	case Accumulating:
		j.Accumulate = sum
	case Maintaining:
		j.Maintenance = sum
	}
}

// billed reports whether a stage is on the bill of a run. Passes, updates and maintenance are on
// every bill; sampling, and what happens beside the weights, where they occurred.
func (t *Table) billed(s Stage, l *Ledger, occurred map[Event]float64) bool {
	switch s {
	case Sampled:
		return l.total.Sampling != nil
	case Accumulating:
		if l.unknownAccumulate != "" {
			return t.chargesMemory(s)
		}
		traffic := asWeights(t.Charged(s), occurred)
		return slices.ContainsFunc(t.Charged(s), func(e Event) bool { return traffic[e] != 0 })
	}
	return true
}

// unknown says why what happened in a stage is not known; empty: it is.
func (l *Ledger) unknown(s Stage) string {
	switch s {
	case Updating:
		return l.unknownMemory
	case Accumulating:
		return l.unknownAccumulate
	}
	return ""
}

// bill adds up what a stage is charged for, and notes the prices. It says what is
// missing where an event that occurred has no price.
func (t *Table) bill(s Stage, occurred map[Event]float64, noted map[Event]Price) (sum float64, missing string) {
	charged := t.Charged(s)
	occurred = asWeights(charged, occurred)
	if t.Prices[AC].Joules == nil || !slices.Contains(charged, AC) { // such hardware multiplies by one
		occurred[MAC] += occurred[AC]
		occurred[AC] = 0
	}
	var reasons []string
	for _, e := range charged {
		n := occurred[e]
		price, listed := t.Prices[e]
		if listed {
			noted[e] = price
		}
		switch {
		case n == 0:
		case price.Joules == nil && price.Source != "":
			reasons = append(reasons, howMany(n, e)+" have no price: "+price.Source)
		case price.Joules == nil:
			reasons = append(reasons, howMany(n, e)+" have no price")
		case e == Kept && t.SecondsPerPresentation == nil:
			reasons = append(reasons, howMany(n, e)+" last an unknown time: the table has no seconds_per_presentation")
		case e == Kept:
			sum += n * *t.SecondsPerPresentation * *price.Joules
		default:
			sum += n * *price.Joules
		}
	}
	if math.IsInf(sum, 0) || math.IsNaN(sum) {
		reasons = append(reasons, "its sum is no finite number")
	}
	return sum, strings.Join(reasons, "; ")
}
