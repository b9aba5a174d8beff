// Package concentration is the theory called concentration: what rules that select synapses
// or presentations save, from the gradients of a plain run.
package concentration

import (
	"context"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/descent"
)

// Concentration predicts what a learning rule that makes only some of the updates of plain
// gradient descent takes to come as far as a plain run. In a step of the plain rule -ηg the mean
// loss falls by η|ḡ|² on average, ḡ = ⟨g⟩, and its noise is η²⟨|g|²⟩. A rule that selects a set S
// of synapses, or of presentations, keeps the shares
//
//	a = ⟨Σ_S g·ḡ⟩/⟨Σ g·ḡ⟩      of the descent
//	a_noise = ⟨Σ_S g²⟩/⟨Σ g²⟩  of the square
//	p, m                       of the changes, M0, and of their amount, M1
//
// Where a = a_noise, and the same holds in every direction, the rule is the plain one on a slower
// clock. It passes the same weights after 1/a times as many presentations, and
//
//	time = ⟨1/a⟩,   M0 saving = ⟨M0⟩/⟨M0_S/a⟩ = a/p,   M1 saving = ⟨M1⟩/⟨M1_S/a⟩ = a/m
//
// with averages over the course of the plain run. Nothing is fitted. For one unit, Gaussian
// inputs and online learning the law is exact (theory online: de/dt = -2ηae + η²av); that it
// is only the law of a clock is what measurements at small p show.
//
// Gradients are sampled in the middle of each of Parts equal parts of the run. A rule that has
// a memory follows the run from its first step: a is then the share of the run's displacement
// that it has written (package descent).
type Concentration struct {
	Run      string    `key:"run" text:"path" doc:"directory of a finished run of the plain rule"`
	Goal     float64   `key:"goal" doc:"accuracy, one of the run's train.goals, where the course ends; 0: the run's end" in:"[0,1]"`
	Parts    int       `key:"parts" doc:"equal parts of the course, in whose middle gradients are sampled" in:"[1,1000]"`
	Samples  int       `key:"samples" doc:"batches, of the run's size, sampled in each part" in:"[2,1000000]"`
	Examples int       `key:"examples" doc:"training examples of which samples and mean gradient are; 0: all" in:"[0,inf)"`
	Of       string    `key:"of" doc:"the mean gradient is of the mean loss of training examples, of test examples, or of test errors" oneof:"train|test|errors"`
	P        []float64 `key:"p" doc:"shares of the largest updates that are tried, of layers, of neurons and of the network" in:"(0,1]"`
	Select   []string  `key:"select" text:"name" doc:"rules to try, each settings of a run's rule with ; between them; []: those of bench, or a list"`
	Bench    string    `key:"bench" text:"path" doc:"folder of a benchmark whose results stand beside; empty: none"`
	Course   string    `key:"course" doc:"plain: the run must be of the plain rule; any: along the course of whatever rule it has" oneof:"plain|any"`
	Seed     uint64    `key:"seed" doc:"of samples and random masks"`
}

var (
	_ theory.Theory = (*Concentration)(nil)
	_ theory.Drawer = (*Concentration)(nil)
)

func init() {
	theory.Theories.Register("concentration", schema.Doc{
		Summary: "what selecting synapses or presentations saves, from the gradients of a plain run",
		Source:  "Ergon: the clock of selected updates; rules of van Rossum & Pache 2024, Pache & van Rossum 2023",
	}, func() theory.Theory {
		return &Concentration{Parts: 8, Samples: 128, Of: "train", P: []float64{0.3, 0.1, 0.03, 0.01, 0.003}, Course: "plain"}
	})
}

// Validate asks for a run.
func (c *Concentration) Validate() error {
	if c.Run == "" {
		return schema.Fieldf("run", "missing; name a run directory: ergon theory concentration RUN")
	}
	return nil
}

// chunks is how many parts of the samples the standard errors are from, by the jackknife.
const chunks = 16

// Predict implements Theory.
func (c *Concentration) Predict(ctx context.Context) (*theory.Result, error) {
	measured, err := c.readBench()
	if err != nil {
		return nil, err
	}
	run, err := descent.Open(c.Run, c.Course == "any")
	if err != nil {
		return nil, err
	}
	defer run.Close()
	last, err := run.Course(c.Goal)
	if err != nil {
		return nil, schema.Fieldf("goal", "%v", err)
	}
	if last < c.Parts {
		return nil, schema.Fieldf("parts", "%d of a course of %d steps; give fewer", c.Parts, last)
	}
	tried, left, err := c.rules(run, measured)
	if err != nil {
		return nil, err
	}
	m, err := c.measure(ctx, run, last, tried)
	if err != nil {
		return nil, err
	}
	r := c.result(run, m, tried, measured)
	r.Notes = append(r.Notes, left...)
	return r, nil
}

// measurement is what was measured along a course.
type measurement struct {
	last  int               // step at which it ends
	parts [][]descent.Chunk // in the middle of each part
	ends  []follower        // of each rule, at the end; nil sums: it does not follow
}

// follower is what a rule with a memory did along the course, and the run itself, by layer.
type follower struct{ followed, plain []descent.Sums }

// measure replays the run through the middle of each part to its end.
func (c *Concentration) measure(ctx context.Context, run *descent.Run, last int, tried []descent.Rule) (m measurement, err error) {
	m = measurement{last: last, ends: make([]follower, len(tried))}
	plan := descent.Plan{
		Rules: tried, Samples: c.Samples, Chunks: min(chunks, c.Samples), Of: descent.Objective(c.Of), Examples: c.Examples, Seed: c.Seed,
	}
	followers, err := run.Follow(tried, c.Seed)
	if err != nil {
		return m, err
	}
	defer followers.Close()
	done := theory.ProgressCounter(ctx, last+c.Parts*plan.Units())
	for part := range c.Parts {
		if err := followers.Advance(ctx, (2*part+1)*last/(2*c.Parts), done); err != nil {
			return m, err
		}
		all, err := run.Measure(ctx, plan, done)
		if err != nil {
			return m, err
		}
		m.parts = append(m.parts, all)
	}
	if err := followers.Advance(ctx, last, done); err != nil {
		return m, err
	}
	for i, rule := range tried {
		if rule.Follows() {
			m.ends[i].followed, m.ends[i].plain = followers.Sums(i)
		}
	}
	return m, nil
}
