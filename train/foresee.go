package train

import "ergon/graph"

// foresee has the rule draw the masks of the step that comes, if it can, and limits
// the backward pass of p to errors that somebody looks at.
func (r *Run) foresee(p *graph.Program) error {
	wanted, err := r.wanted()
	if err != nil {
		return err
	}
	for l := range p.Layers() {
		if wanted == nil {
			p.Want(l, nil)
		} else {
			p.Want(l, wanted[l])
		}
	}
	return nil
}

// wanted returns the units of each layer whose errors the step that comes looks at;
// nil is all.
func (r *Run) wanted() ([][]int32, error) {
	rule := r.Config.Rule
	if !rule.Gate.Always() || !rule.Error.KeepsAll() || r.work != nil || r.gradients.Samples(r.Steps) {
		return nil, nil
	}
	return r.updater.Foresee()
}
