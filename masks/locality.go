package masks

import (
	"fmt"

	"ergon/internal/schema"
)

// Locality says what the change of a synapse depends on, besides the number of the step.
type Locality int

const (
	// Alone is a synapse that does not know of others: its change depends on its own gradient, weight
	// and memory, and on random numbers of its own.
	Alone Locality = iota + 1
	// MeanField is a synapse that knows of others by statistics of all synapses onto its unit: the
	// threshold of a competition, the length of an update.
	MeanField
)

// Local is a stage by which a synapse changes as it would in any other network, given its own gradients and, with
// MeanField, statistics of many. What a rule of such stages does can be found from an array of synapses without a
// network, each with a gradient drawn for it (masks/ensemble, theory mixture).
//
// Offered by most kinds, and by none that looks at units, at presentations or at the place of a synapse: by what New
// returns, and by gates, error filters, clips and projections. maskstest changes one synapse of a kind that says
// Alone, and looks for changes of others.
type Local interface {
	// Locality returns which of the two it is, with its settings. It returns an error, by
	// [schema.Fieldf], that blames the setting with which it is neither.
	Locality() (Locality, error)
}

// Locality returns that of the rule, MeanField if any stage is. It fails if a stage is not local, with the
// path of its kind or setting from the config's root.
func (r *Rule) Locality() (Locality, error) {
	stages, err := r.stages(Network{Layers: []Layer{{In: 2, Out: 1}}})
	if err != nil {
		return 0, err
	}
	all := Alone
	for _, s := range stages {
		local, ok := s.made.(Local)
		if !ok {
			return 0, &schema.Error{
				Path:    s.path + ".kind",
				Problem: s.kind + " is not local: what it does to a synapse depends on units, on presentations, or on the place of the synapse",
				Hint:    "docs/theory/mixture-rules.md lists the kinds that are",
			}
		}
		own, err := local.Locality()
		if err != nil {
			return 0, schema.Under(s.path, err)
		}
		all = max(all, own)
	}
	return all, nil
}

// stage is a stage of a rule as made for a network, with its path from the config's root.
type stage struct {
	path, kind string
	made       any
}

// stages makes the stages of a rule that do something.
func (r *Rule) stages(net Network) (all []stage, err error) {
	add := func(path, kind string, made any) { all = append(all, stage{path, kind, made}) }
	add("rule.gate", Gates.Name(r.Gate), r.Gate)
	add("rule.error", Errors.Name(r.Error), r.Error)
	for i, spec := range r.Mask {
		path := fmt.Sprintf("rule.mask[%d]", i)
		m, err := spec.New(net, 0, "")
		if err != nil {
			return nil, schema.Under(path, err)
		}
		add(path, Masks.Name(spec), m)
	}
	add("rule.clip", Clips.Name(r.Clip), r.Clip)
	o, err := r.NewOptimizer(net, 0)
	if err != nil {
		return nil, err
	}
	add("rule.optimizer", Optimizers.Name(r.Optimizer), o)
	if m := r.NewMemory(Arrays(net.Layers), 0, nil, false); m != nil {
		add("rule.cache", Caches.Name(r.Cache), m)
	}
	if r.Project != nil {
		add("rule.project", Projects.Name(r.Project), r.Project)
	}
	t, err := r.NewTransmission(net, 0, nil)
	if err == nil && t != nil {
		add("rule.synapse", SynapseKinds.Name(r.Synapse), t)
	}
	return all, err
}
