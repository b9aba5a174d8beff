package train

import "ergon/graph"

// drawAhead draws the masks of the coming step, where the rule can do so before it has
// seen gradients, and limits the backward pass of p to the errors that are used.
func (r *Run) drawAhead(p *graph.Program) error {
	live, err := r.liveUnits()
	if err != nil {
		return err
	}
	for l := range p.Layers() {
		if live == nil {
			p.LimitErrors(l, nil)
		} else {
			p.LimitErrors(l, live[l])
		}
	}
	return nil
}

// liveUnits returns the units of each layer whose errors the coming step uses; nil is all
// units. A gate, an error filter, a network that relaxes and a sample of gradients use all
// errors.
func (r *Run) liveUnits() ([][]int32, error) {
	rule := r.Config.Rule
	_, relaxes := r.Model.(graph.Clamped)
	if !rule.Gate.Always() || !rule.Error.KeepsAll() || relaxes || r.gradients.Samples(r.Steps) {
		return nil, nil
	}
	return r.updater.DrawAhead()
}
