package schema

import (
	"errors"
	"math"
)

// The schema of the tests: every type of field, both sorts of kinds (struct and
// pointer), a union in a union, inlined and nested structs, and validation.

type mask interface{ isMask() }

var masks = NewUnion[mask]("kind", "mask")

type bernoulli struct {
	P      float64 `key:"p" doc:"probability of an update" in:"(0,1]"`
	Redraw string  `key:"redraw" doc:"when the mask is drawn anew" oneof:"step|never"`
	Biases bool    `key:"biases" doc:"biases are masked too"`
	Layers []int   `key:"layers" doc:"layers masked, from 0; empty for all" in:"[0,inf)"`
	cached int
}

type full struct{}

type subnet struct {
	K int `key:"k" doc:"units kept" in:"[1,inf)"`
}

type both struct {
	Of []mask `key:"of" doc:"masks that all must allow"`
}

func (*bernoulli) isMask() {}
func (full) isMask()       {}
func (subnet) isMask()     {}
func (*both) isMask()      {}

// Validate tests errors of a kind, of a field and of several fields.
func (b *both) Validate() error {
	if len(b.Of) == 1 {
		return errors.New("needs two masks or none")
	}
	return nil
}

func (s subnet) Validate() error {
	if s.K == 13 {
		return errors.Join(Fieldf("k", "%d brings bad luck", s.K), errors.New("no luck"))
	}
	return nil
}

type initializer interface{ isInit() }

var initializers = NewUnion[initializer]("kind", "initializer")

type he struct{}

type normal struct {
	Std float64 `key:"std" doc:"standard deviation" in:"[0,inf)"`
}

func (he) isInit()      {}
func (*normal) isInit() {}

func init() {
	masks.Register("bernoulli", Doc{"each synapse with probability p", "test, eq. 1", "ties are kept"},
		func() mask { return &bernoulli{P: 0.5, Redraw: "step"} })
	masks.Register("full", Doc{Summary: "all synapses"}, func() mask { return full{} })
	masks.Register("subnet", Doc{Summary: "k units"}, func() mask { return subnet{K: 10} })
	masks.Register("both", Doc{}, func() mask { return &both{} })
	initializers.Register("he", Doc{}, func() initializer { return he{} })
	initializers.Register("normal", Doc{}, func() initializer { return &normal{Std: 1} })
}

// Common is inlined in run.
type Common struct {
	Name string `key:"name" doc:"name of the run"`
	Seed uint64 `key:"seed" doc:"seed of all streams"`
}

type model struct {
	Hidden []int       `key:"hidden" doc:"units per hidden layer" in:"[1,inf)"`
	Bias   string      `key:"bias" doc:"bias of each unit" oneof:"true|false|unit"`
	Init   initializer `key:"init" doc:"initial weights"`
}

type rule struct {
	Mask  []mask      `key:"mask" doc:"which synapses may change"`
	Clip  float64     `key:"clip" doc:"largest change" in:"(0,inf]"`
	Extra initializer `key:"extra" doc:"optional"`
}

type run struct {
	Common
	Model   model     `key:"model" doc:"the network"`
	Rule    rule      `key:"rule" doc:"the learning rule"`
	Goals   []float64 `key:"goals" doc:"test accuracies" in:"[0,1]"`
	Prices  []string  `key:"prices" doc:"price tables" oneof:"horowitz|loihi"`
	Tags    []string  `key:"tags"`
	Epochs  int       `key:"epochs" doc:"passes over the data" in:"[0,inf)"`
	Offset  int64     `key:"offset"`
	Scale   float64   `key:"scale"`
	Quiet   bool      `key:"quiet" doc:"print nothing"`
	Ignored int
}

func (r *run) Validate() error {
	if r.Epochs == 7 {
		return errors.New("seven is not allowed")
	}
	if r.Rule.Clip == 0.25 && len(r.Rule.Mask) > 1 {
		return Fieldf("rule.clip", "must not be %v with two masks", r.Rule.Clip)
	}
	return nil
}

func defaults() *run {
	return &run{
		Common: Common{Name: "mnist"},
		Model:  model{Hidden: []int{100}, Bias: "true", Init: he{}},
		Rule:   rule{Mask: []mask{&bernoulli{P: 0.25, Redraw: "never"}}, Clip: math.Inf(1)},
		Goals:  []float64{0.9},
		Prices: []string{"horowitz"},
		Epochs: 5,
		Scale:  1,
	}
}
