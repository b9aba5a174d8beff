package energy

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// readTable reads the text of a price table. The error is a schema.Errors that
// names the file and the lines.
func readTable(file string, text []byte) (*Table, error) {
	r := &reader{file: file}
	n, err := r.document(text)
	if err != nil {
		return nil, err
	}
	t := &Table{Unit: "J", Prices: map[Event]Price{}}
	var unit *float64 // J
	all := entries{
		"name": r.text(&t.Name), "technology": r.text(&t.Technology), "source": r.text(&t.Source),
		"unit":                     r.text(&t.Unit),
		"joules_per_unit":          r.optional("(0,inf)", &unit),
		"seconds_per_presentation": r.optional("(0,inf)", &t.SecondsPerPresentation),
		"charges": func(n *yaml.Node, path string) {
			t.Charges = map[Stage][]Event{}
			r.mapping(n, path, r.charges(t.Charges))
		},
	}
	for _, o := range Events {
		all[string(o.Event)] = func(n *yaml.Node, path string) { t.Prices[o.Event] = r.price(n, path) }
	}
	r.mapping(n, "", all)
	if unit != nil {
		t.Unit = "J"
		for _, o := range Events {
			if !t.Prices[o.Event].scale(*unit) {
				r.fail(n, string(o.Event), "is no finite number of joules, times joules_per_unit")
			}
		}
	}
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return t, nil
}

// price reads what an event costs, in the table's unit: a number, null, or a
// mapping of the price, its range and its source.
func (r *reader) price(n *yaml.Node, path string) (p Price) {
	const interval = "[0,inf)"
	if n.Kind != yaml.MappingNode {
		r.optional(interval, &p.Joules)(n, path)
		return p
	}
	given := false
	read := r.optional(interval, &p.Joules)
	r.mapping(n, path, entries{
		"price":  func(n *yaml.Node, path string) { given = true; read(n, path) },
		"low":    r.optional(interval, &p.Low),
		"high":   r.optional(interval, &p.High),
		"source": r.text(&p.Source),
	})
	switch {
	case !given:
		r.fail(n, path, "has no price, write null where it is not known")
	case p.Joules != nil && (p.Low != nil && *p.Low > *p.Joules || p.High != nil && *p.High < *p.Joules):
		r.fail(n, path, "the price is not within its own range, low to high")
	}
	return p
}

// scale turns a price in a table's unit into joules; ok is false where these are
// too many for a number.
func (p Price) scale(joulesPerUnit float64) (ok bool) {
	ok = true
	for _, x := range []*float64{p.Joules, p.Low, p.High} {
		if x != nil {
			*x *= joulesPerUnit
			ok = ok && !math.IsInf(*x, 0)
		}
	}
	return ok
}

// charges reads which events each stage is charged for.
func (r *reader) charges(into map[Stage][]Event) entries {
	all := entries{}
	for _, s := range Stages {
		all[string(s)] = func(n *yaml.Node, path string) { into[s] = r.charged(n, path, s) }
	}
	return all
}

// charged reads the events that one stage is charged for.
func (r *reader) charged(n *yaml.Node, path string, s Stage) []Event {
	events := []Event{}
	if n.Kind != yaml.SequenceNode {
		r.fail(n, path, "want a list of events")
	}
	for i, element := range n.Content {
		e, at := Event(element.Value), fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !slices.Contains(eventsOf(s), e):
			r.fail(element, at, "%q is no event of this stage (%s)%s", element.Value, list(eventsOf(s)), hint(element.Value, eventsOf(s)))
		case slices.Contains(events, e):
			r.fail(element, at, "%s is charged twice", e)
		}
		events = append(events, e)
	}
	return events
}

// eventsOf returns the events that occur in a stage.
func eventsOf(s Stage) (events []Event) {
	for _, o := range Events {
		if slices.Contains(o.Stages, s) {
			events = append(events, o.Event)
		}
	}
	return events
}

func list[S ~string](names []S) string { return strings.Join(words(names), ", ") }
