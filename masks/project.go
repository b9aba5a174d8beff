package masks

import "ergon/internal/schema"

// Project says where scale-invariant weights are put back to after a step. The loss does
// not depend on their length, but the effective learning rate does, η/|w|², and without a
// projection the length grows with every step: the gradient is orthogonal to the weights.
// A kind registers itself in Projects.
type Project interface {
	// Target returns the lengths that groups of layers are put back to; nil: nothing is
	// put back.
	Target() *Target
}

// Target is what a projection keeps. Weights are scaled in float32, by a factor that is
// computed in float64 from sums over chunks.
//
// A step's change is then that of the update and the projection together: a weight has
// changed if it is another float32 than before, by the difference.
type Target struct {
	Norm   float64 // of all scale-invariant weights, as one vector
	Layers bool    // each layer keeps the share of it that it had at the start; else they share it as they learn
}

// Projects are the kinds that rule.project accepts.
var Projects = schema.NewUnion[Project]("kind", "projection")

// NoProject leaves the weights where the update has put them.
type NoProject struct{}

// Sphere puts all scale-invariant weights back to one length, as one vector.
type Sphere struct {
	Norm float64 `key:"norm" doc:"Euclidean length of all scale-invariant weights, as one vector, before the first step and after each" in:"(0,1e6]"`
}

// LayerSpheres puts the weights of each scale-invariant layer back to its own length.
type LayerSpheres struct {
	Norm float64 `key:"norm" doc:"Euclidean length of all scale-invariant weights, as one vector, before the first step and after each; each layer keeps the share of its square that it was drawn with" in:"(0,1e6]"`
}

var (
	_ Project     = NoProject{}
	_ Project     = (*Sphere)(nil)
	_ Project     = (*LayerSpheres)(nil)
	_ Local       = NoProject{}
	_ RuleChecker = (*Sphere)(nil)
	_ RuleChecker = (*LayerSpheres)(nil)
)

func init() {
	Projects.Register("none", schema.Doc{Summary: "weights stay where the update has put them"}, func() Project { return NoProject{} })
	Projects.Register("sphere", schema.Doc{
		Summary: "scale-invariant weights, all of them, back to one length", Source: "Sadrtdinov, Klimov, Lobacheva & Vetrov 2025, arXiv 2505.23489",
		Definition: "Masked weights are scaled, too: nearly every weight changes in each step, and M0 and M1 count that.",
	}, func() Project { return &Sphere{Norm: 1} })
	Projects.Register("layers", schema.Doc{
		Summary:    "scale-invariant weights, layer by layer, back to the length that the layer had",
		Definition: "Masked weights are scaled, too: nearly every weight changes in each step, and M0 and M1 count that.",
	}, func() Project { return &LayerSpheres{Norm: 1} })
}

// Target implements Project.
func (NoProject) Target() *Target { return nil }

// Locality implements Local.
func (NoProject) Locality() (Locality, error) { return Alone, nil }

// Target implements Project.
func (s *Sphere) Target() *Target { return &Target{Norm: s.Norm} }

// Target implements Project.
func (s *LayerSpheres) Target() *Target { return &Target{Norm: s.Norm, Layers: true} }

// CheckRule implements RuleChecker.
func (*Sphere) CheckRule(r *Rule, net Network) error { return checkProject(r, net) }

// CheckRule implements RuleChecker.
func (*LayerSpheres) CheckRule(r *Rule, net Network) error { return checkProject(r, net) }

// checkProject refuses what a projection does not go with.
func checkProject(r *Rule, net Network) error {
	invariant := false
	for _, l := range net.Layers {
		invariant = invariant || l.ScaleInvariant
	}
	switch {
	case !invariant:
		return schema.Fieldf("rule.project", "%s, and the network has no scale-invariant weights, whose length means nothing; take model.kind convnet with norm batch, or none", Projects.Name(r.Project))
	case Caches.Name(r.Cache) != "none":
		return schema.Fieldf("rule.project", "%s would move the permanent weights, which only rule.cache may; set one of the two to none", Projects.Name(r.Project))
	case SynapseKinds.Name(r.Synapse) != "deterministic":
		return schema.Fieldf("rule.project", "%s scales weights and not the noise of rule.synapse, which then means another network; set project none, or synapse deterministic", Projects.Name(r.Project))
	}
	return nil
}

// Projected returns the arrays of a network that a rule's projection scales, those of
// scale-invariant weights, and their target; nil: there is none.
func (r *Rule) Projected(net Network, all []*Synapses) (projected []*Synapses, target *Target) {
	if r.Project == nil {
		return nil, nil
	}
	if target = r.Project.Target(); target == nil {
		return nil, nil
	}
	for _, s := range all {
		if net.Layers[s.Layer].ScaleInvariant && !s.Bias {
			projected = append(projected, s)
		}
	}
	return projected, target
}
