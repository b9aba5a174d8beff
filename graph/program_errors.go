package graph

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// LimitErrors limits the errors that the next Runs compute for layer l to those of the
// given units, ascending; nil is all units. A skipped error holds only a zero/non-zero
// marker, f' where any error reaches the layer from above and 0 elsewhere, so it can be
// counted but not used. An error that would have been zero by cancellation (one in 10⁸) or
// by underflow counts as non-zero.
//
// All errors are computed by engines other than cpu, for a layer whose errors do not come
// straight from synapses, and for a layer with a unit whose outgoing synapses are all zero.
func (p *Program) LimitErrors(l int, units []int32) {
	if w := p.live[l]; w != nil {
		w.Limited, w.Units = units != nil, units
	}
}

// findLive returns for each layer the live units of the node that computes its errors,
// nil where no such node sends them.
func (d *differentiated) findLive() (all []*ops.LiveUnits) {
	for _, dz := range d.errors {
		all = append(all, d.liveOf(dz))
	}
	return all
}

// liveOf follows an error dz up to the node that sends it through synapses.
func (d *differentiated) liveOf(dz *G.Node) *ops.LiveUnits {
	for dz != nil {
		switch f := op.FormulaOf(dz).(type) {
		case ops.InputError:
			return f.Live
		case ops.ActivationError:
			dz = op.Children(d.Graph, dz)[0]
		default:
			return nil
		}
	}
	return nil
}
