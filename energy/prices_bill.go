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
	}
	return j.Maintenance
}

// usual are the events that a stage is charged for unless a table says otherwise.
var usual = map[Stage][]Event{
	Forward:     {MAC, AC, WeightRead},
	Backward:    {MAC, AC, WeightRead},
	Updating:    {Add, WeightRead, WeightWrite},
	Maintaining: {Kept},
}

// additional are charged besides where a table has a price for them.
var additional = map[Stage][]Event{
	Forward:  {ActiveUnit},
	Updating: {SynapticChange, ChangeAmount},
}

// Charged returns the events that the table charges a stage for: those it says,
// or else the arithmetic and the memory traffic of a processor, and active
// units, synaptic changes and their amount where they have a price. Sampling is charged as
// the forward pass is.
func (t *Table) Charged(s Stage) []Event {
	if events, ok := t.Charges[s]; ok {
		return events
	}
	if s == Sampled {
		return t.Charged(Forward)
	}
	events := slices.Clone(usual[s])
	for _, e := range additional[s] {
		if t.Prices[e].Joules != nil {
			events = append(events, e)
		}
	}
	return events
}

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
		if s == Sampled && l.total.Sampling == nil {
			continue
		}
		sum, missing := t.bill(s, occurred[s], j.Prices)
		if s == Updating && l.unknownMemory != "" && t.chargesMemory() {
			missing = strings.TrimSuffix(l.unknownMemory+"; "+missing, "; ")
		}
		if missing != "" {
			j.Unpriced[s] = missing
			continue
		}
		switch s {
		case Forward:
			j.Forward = &sum
		case Backward:
			j.Backward = &sum
		case Sampled:
			j.Sampling = &sum
		case Updating:
			j.Update = &sum
		case Maintaining:
			j.Maintenance = &sum
		}
	}
	return j
}

// bill adds up what a stage is charged for, and notes the prices. It says what is
// missing where an event that occurred has no price.
func (t *Table) bill(s Stage, occurred map[Event]float64, noted map[Event]Price) (sum float64, missing string) {
	charged := t.Charged(s)
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
