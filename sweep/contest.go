package sweep

import "cmp"

// Contest is how a candidate did on a rung.
type Contest struct {
	Label    string            `json:"label"`
	Settings map[string]string `json:"settings"`             // those searched
	Reached  int               `json:"reached"`              // runs that reached the goal
	Price    *float64          `json:"price"`                // null unless all did
	Over     []string          `json:"over_limit,omitempty"` // what it spent more of than the limit, or did not count
	Row      *Row              `json:"row"`
	rule     Rule
}

// fit says whether a candidate may go on: it reached the goal and kept the limit.
func (c *Contest) fit() bool { return c.Price != nil && len(c.Over) == 0 }

// kept says whether a candidate kept the limit; of one that did not reach the goal it says nothing.
func (c *Contest) kept() string {
	if !c.Row.complete() {
		return "-"
	}
	return keptOr(c.Over)
}

// byPrice orders candidates: the cheapest first, behind those that kept the limit the others that
// have a price, and at the end those that have none, of which those come first that reached the goal in
// more runs.
func byPrice(x, y Contest) int {
	if order := cmp.Compare(x.standing(), y.standing()); order != 0 || x.Price == nil {
		return cmp.Or(order, cmp.Compare(y.Reached, x.Reached))
	}
	return cmp.Compare(*x.Price, *y.Price)
}

// standing is 0 for a candidate that may go on, 1 for one that is over the limit, 2 for one without a price.
func (c *Contest) standing() int {
	switch {
	case c.fit():
		return 0
	case c.Price != nil:
		return 1
	}
	return 2
}

// enter notes how a candidate did.
func (t *Tune) enter(rule Rule, row *Row) Contest {
	c := Contest{Label: rule.Label, Settings: map[string]string{}, Reached: row.Reached, Price: t.Price.of(row), Row: row, rule: rule}
	if row.complete() {
		c.Over = t.Limit.exceeded(row)
	}
	for _, s := range rule.Set[len(t.Set):] {
		c.Settings[s.Path] = s.Value
	}
	return c
}
