package sweep

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ergon/sweep/estimate"
)

// spending is something that reaching a goal takes, by which a search may price or limit candidates.
type spending struct {
	name string
	of   func(*Row) *estimate.Estimate
}

// spendings are all there are, in the order of [Price]'s weights.
var spendings = []spending{
	{"m0", func(r *Row) *estimate.Estimate { return r.M0 }},
	{"m1", func(r *Row) *estimate.Estimate { return r.M1 }},
	{"presentations", func(r *Row) *estimate.Estimate { return r.Presentations }},
	{"accumulator_updates", func(r *Row) *estimate.Estimate { return r.AccumulatorUpdates }},
}

// Price is what a run costs at the goal: the sum of what it spent, each times its weight.
type Price struct {
	PerChange            float64 `json:"m0"`
	PerUnit              float64 `json:"m1"`
	PerPresentation      float64 `json:"presentations,omitempty"`
	PerAccumulatorUpdate float64 `json:"accumulator_updates,omitempty"`
}

// weights lists the weights in the order of spendings.
func (p *Price) weights() []*float64 {
	return []*float64{&p.PerChange, &p.PerUnit, &p.PerPresentation, &p.PerAccumulatorUpdate}
}

// String writes the weights of M0 and M1, and the others where there are any: so results are known
// again that were written when there were only two.
func (p Price) String() string {
	if p.PerPresentation == 0 && p.PerAccumulatorUpdate == 0 {
		return fmt.Sprintf("{%v %v}", p.PerChange, p.PerUnit)
	}
	return fmt.Sprintf("{%v %v %v %v}", p.PerChange, p.PerUnit, p.PerPresentation, p.PerAccumulatorUpdate)
}

// of returns the price of a row; nil unless all its runs reached the goal and what they
// spent of what is priced is known.
func (p Price) of(r *Row) *float64 {
	if !r.complete() {
		return nil
	}
	price := 0.0
	for i, weight := range p.weights() {
		switch e := spendings[i].of(r); {
		case *weight == 0:
		case e == nil:
			return nil
		default:
			price += *weight * e.Mean
		}
	}
	return &price
}

// Limit is the most that reaching a goal may take, by the names that JSON and YAML have for it: the mean
// over the runs. A nil limit has no bounds.
type Limit map[string]float64

// exceeded lists by name what a row spent more of than the limit allows, or does not know.
func (l Limit) exceeded(r *Row) (names []string) {
	for _, s := range spendings {
		most, limited := l[s.name]
		if e := s.of(r); limited && (e == nil || e.Mean > most) {
			names = append(names, s.name)
		}
	}
	return names
}

// String writes the limit as tables say it.
func (l Limit) String() string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(l)) {
		words = append(words, name+" at most "+strconv.FormatFloat(l[name], 'g', -1, 64))
	}
	return strings.Join(words, ", ")
}
