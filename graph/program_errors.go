package graph

import (
	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// Want limits the errors that the next Runs compute for the units of layer l to
// those of units, ascending; nil is all. The errors of the others are then no
// numbers to learn from: they are f' where any error reaches the layer's synapses, so
// that those which are not zero can still be counted; an error that is zero by
// cancellation, one in 10⁸, or by underflow counts. Engines other than cpu compute all, as does a
// layer whose errors come from something else than synapses, or one with a unit whose
// synapses to the layer above are all zero, as weights that begin at zero are.
func (p *Program) LimitErrors(l int, units []int32) {
	if w := p.live[l]; w != nil {
		w.Limited, w.Units = units != nil, units
	}
}

// findLive returns for each layer what it is sent its errors by, or nil.
func (d *differentiated) findLive() (all []*ops.LiveUnits) {
	for _, dz := range d.errors {
		all = append(all, d.liveOf(dz))
	}
	return all
}

// liveOf follows an error dz up to the synapses that send it.
func (d *differentiated) liveOf(dz *G.Node) *ops.LiveUnits {
	for dz != nil {
		switch f := op.FormulaOf(dz).(type) {
		case ops.InputError:
			return f.Wanted
		case ops.ActivationError:
			dz = op.Children(d.Graph, dz)[0]
		default:
			return nil
		}
	}
	return nil
}
