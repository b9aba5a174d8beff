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

// Local is a spec of any stage by which a synapse changes as it would in any other network, given its
// own gradients and, with MeanField, statistics of many. What a rule of such stages does can be found from an array of
// synapses without a network, each with a gradient drawn for it (theory mixture, masks/ensemble).
//
// Offered by most kinds, and by none that looks at units, presentations or the place of a synapse. It
// stands on the spec, since gates and clips are nothing else. maskstest changes one synapse of a kind
// that says Alone and looks for changes of others.
type Local interface {
	// Locality returns which of the two it is, with its settings. It returns an error, by
	// [schema.Fieldf], that blames the setting with which it is neither.
	Locality() (Locality, error)
}

// Locality returns that of the rule: MeanField if any stage is. It fails if a stage is not local, with the
// path of its kind or setting from the config's root.
func (r *Rule) Locality() (Locality, error) {
	all := Alone
	for _, s := range r.stages() {
		local, ok := s.spec.(Local)
		if !ok {
			return 0, &schema.Error{
				Path:    s.path + ".kind",
				Problem: fmt.Sprintf("%s is not local: what it does to a synapse depends on units, on presentations, or on the place of the synapse", s.kind),
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

// stage is a stage of a rule, with its path from the config's root.
type stage struct {
	path, kind string
	spec       any
}

// stages lists the stages that a rule has, in the order of its fields.
func (r *Rule) stages() (all []stage) {
	add := func(path, kind string, spec any) {
		if spec != nil {
			all = append(all, stage{"rule." + path, kind, spec})
		}
	}
	add("gate", Gates.Name(r.Gate), r.Gate)
	add("error", Errors.Name(r.Error), r.Error)
	for i, m := range r.Mask {
		add(fmt.Sprintf("mask[%d]", i), Masks.Name(m), m)
	}
	add("clip", Clips.Name(r.Clip), r.Clip)
	add("optimizer", Optimizers.Name(r.Optimizer), r.Optimizer)
	add("cache", Caches.Name(r.Cache), r.Cache)
	add("project", Projects.Name(r.Project), r.Project)
	add("synapse", SynapseKinds.Name(r.Synapse), r.Synapse)
	return all
}
