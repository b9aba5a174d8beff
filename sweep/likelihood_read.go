package sweep

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/graph"
	"ergon/internal/schema"
)

// likelihood reads that Boltzmann machines are compared, and at which log-likelihoods; null: they
// are not.
func (d *document) likelihood(n *yaml.Node, path string) {
	if n.ShortTag() == "!!null" {
		d.bench.Likelihood = nil
		return
	}
	s := &LikelihoodSettings{Goals: []float64{}}
	d.mapping(n, path, []field{
		{"goals", d.numbers(&s.Goals, "a log-likelihood in nats per example", func(float64) bool { return true })},
	})
	slices.Sort(s.Goals)
	s.Goals = slices.Compact(s.Goals)
	d.bench.Likelihood = s
}

// checkLikelihood refuses what has no meaning beside a likelihood. in is where keys of the version
// are: "", or quick.
func (d *document) checkLikelihood(root *yaml.Node, in string) {
	b := &d.bench
	if b.Likelihood == nil {
		return
	}
	n := d.given(root, in, "likelihood")
	if len(b.Goals) > 0 {
		d.fail(n, below(in, "likelihood"), "leave out goals; likelihood: {goals: [-170, -160]} has those of Boltzmann machines",
			"stands beside goals, which are accuracies, and Boltzmann machines have none")
	}
	if b.FreeEnergy != nil {
		d.fail(n, below(in, "likelihood"), "leave out one of them",
			"stands beside free_energy, which is told from U, and Boltzmann machines know that up to ln Z only")
	}
}

// checkModel refuses a base of which nothing can be compared: a Boltzmann machine without a likelihood,
// and another network with one.
func (b *Bench) checkModel(c *configs.Config, settings []Setting) error {
	_, machine := c.Model.(graph.GenerativeSpec)
	kind := graph.Kinds.Name(c.Model)
	switch {
	case machine && b.Likelihood == nil:
		return b.problem(settings, "model.kind", fmt.Sprintf("%s is a Boltzmann machine, and has no accuracy to compare", kind),
			"give likelihood: {goals: [-170, -160]} in place of goals")
	case b.Likelihood == nil:
		return nil
	case !machine:
		return b.problem(settings, "model.kind", fmt.Sprintf("%s has no likelihood, and this benchmark compares likelihoods", kind), "set model.kind=rbm, or give goals in place of likelihood")
	case c.Likelihood.Method == "none":
		return b.problem(settings, "likelihood.method", "none, and this benchmark compares likelihoods", "set auto, exact, ais or jarzynski")
	case len(b.Likelihood.Goals) > 0 && !c.Likelihood.Known():
		return b.problem(settings, "likelihood.along", fmt.Sprintf("false, and the goals %v are looked for at evaluations", b.Likelihood.Goals), "set likelihood.along to true, under set or on the command line")
	}
	return nil
}

// problem is what is wrong at a path of a config, with the place where that was set.
func (b *Bench) problem(settings []Setting, path, text, hint string) error {
	p := &schema.Error{File: b.Base, Path: path, Problem: text, Hint: hint}
	for _, s := range slices.Backward(settings) { // later ones win
		if related(s.Path, path) {
			p.File, p.Line = s.place()
			break
		}
	}
	return schema.Errors{p}
}
