package sweep

import "ergon/sweep/estimate"

// front returns which of the points no other dominates: no other is at least as
// accurate and at least as cheap, and in one of the two better.
func front(accuracy, cost []float64) []bool {
	on := make([]bool, len(cost))
	for i := range cost {
		on[i] = true
		for j := range cost {
			if accuracy[j] >= accuracy[i] && cost[j] <= cost[i] && (accuracy[j] > accuracy[i] || cost[j] < cost[i]) {
				on[i] = false
				break
			}
		}
	}
	return on
}

// markFront notes which rows are on the Pareto front of a cost. Only rows whose
// runs all reached the goal take part, since the cheap ones alone would flatter, and of
// them those whose cost is known.
func markFront(rows []*Row, name string, of func(*Row) *estimate.Estimate) {
	var part []*Row
	var accuracy, cost []float64
	for _, r := range rows {
		if e := of(r); e != nil && r.complete() {
			part = append(part, r)
			accuracy, cost = append(accuracy, r.Goal), append(cost, e.Mean)
		}
	}
	for i, on := range front(accuracy, cost) {
		if on {
			part[i].Pareto = append(part[i].Pareto, name)
		}
	}
}
