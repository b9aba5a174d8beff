// Package pathintegral is the theory called pathintegral: a real run, averaged over its
// masks.
package pathintegral

import (
	"context"
	"slices"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/cumulants"
)

// PathIntegral is the effect of a random mask, averaged over the mask. With the masked
// updates of a run, Δw = -M ⊙ u with u = clip(η·∂L/∂w), the average of the generating
// functional over each mask is
//
//	⟨exp(i·ŵ·M·u)⟩ = exp(i·p·ŵ·u - ½·p(1-p)·ŵ²·u² + …):
//
// learning at the effective rate p·η, and a noise of variance p(1-p)·u² in each
// synapse and step. It is measured in a real run. The run is replayed to some of its
// steps and continued from there in replicas, which have the same presentations and
// masks of their own. Over W steps their mean should follow the path of plain
// descent at the rate p·η, and the variance of their weights should be
//
//	Σ_t p(1-p)·u(t)²   along that path.
//
// This is the leading order in η: it neglects that gradients respond to the
// noise. The next order has that response, to first order in the noise's variance; it is
// an average over draws of the tangent dynamics (see [cumulants]), and has a
// standard error. Where the two orders differ by more than half a standard error of
// what was measured, the row is beyond what leading order can say.
type PathIntegral struct {
	Run      string `key:"run" text:"path" doc:"run directory"`
	At       []int  `key:"at" doc:"steps of the run from which to look ahead" in:"[0,inf)"`
	Windows  []int  `key:"window" doc:"W, numbers of steps to look ahead" in:"[1,1000000]"`
	Tangents int    `key:"tangents" doc:"draws of the gradients' response to noise, 0 or at least 2, each as slow as some ten replicas; 0: leading order alone" in:"[0,1000]"`
	Simulate int    `key:"simulate" doc:"replicas with masks of their own, 0 or at least 3; 0: prediction alone" in:"[0,100000]"`
	Seed     uint64 `key:"seed" doc:"of the replicas' masks"`
}

var (
	_ theory.Theory = (*PathIntegral)(nil)
	_ theory.Drawer = (*PathIntegral)(nil)
)

func init() {
	theory.Theories.Register("pathintegral", schema.Doc{
		Summary: "what masks do to a real run, averaged over them: effective rate p·lr, noise of variance p(1-p)·(lr·g)²",
		Source:  "Martin, Siggia & Rose 1973, with the average over masks in place of that over noise",
	}, func() theory.Theory {
		return &PathIntegral{At: []int{0, 200, 2000}, Windows: []int{1, 10, 100}, Tangents: 8, Simulate: 64}
	})
}

// Validate asks for a run, steps and windows, and for as many replicas as the
// error of a variance needs.
func (p *PathIntegral) Validate() error {
	switch {
	case p.Run == "":
		return schema.Fieldf("run", "is empty; name a run directory: ergon theory pathintegral RUN")
	case len(p.At) == 0:
		return schema.Fieldf("at", "no step of the run; give one or more")
	case len(p.Windows) == 0:
		return schema.Fieldf("window", "no number of steps; give one or more")
	case p.Simulate == 1 || p.Simulate == 2:
		return schema.Fieldf("simulate", "%d replicas do not tell the error of a variance; give 3 or more, or 0", p.Simulate)
	case p.Tangents == 1:
		return schema.Fieldf("tangents", "1 draw does not tell its own error; give 2 or more, or 0")
	}
	return nil
}

// Predict implements Theory.
func (p *PathIntegral) Predict(ctx context.Context) (*theory.Result, error) {
	run, err := cumulants.Open(p.Run)
	if err != nil {
		return nil, err
	}
	defer run.Close()
	measurements, err := p.measure(ctx, run)
	if err != nil {
		return nil, err
	}
	return p.result(run, measurements), nil
}

// measure replays the run to each of the steps in ascending order, and measures ahead of it.
func (p *PathIntegral) measure(ctx context.Context, run *cumulants.Run) ([]measurement, error) {
	steps := ascending(p.At)
	last := steps[len(steps)-1]
	if last > run.Steps {
		return nil, p.outside(last, run.Steps)
	}
	plan := cumulants.Plan{Windows: ascending(p.Windows), Replicas: p.Simulate, Tangents: p.Tangents, Seed: p.Seed}
	done := theory.ProgressCounter(ctx, last+len(steps)*plan.Walks())
	var measured []measurement
	for _, at := range steps {
		if err := run.Advance(ctx, at, done); err != nil {
			return nil, err
		}
		windows, err := run.Measure(ctx, plan, done)
		if err != nil {
			return nil, err
		}
		for _, window := range windows {
			measured = append(measured, measurement{at, window})
		}
	}
	return measured, nil
}

// measurement is what was measured ahead of a step.
type measurement struct {
	at int
	cumulants.Window
}

// ascending returns the numbers in ascending order, without duplicates.
func ascending(numbers []int) []int {
	sorted := slices.Sorted(slices.Values(numbers))
	return slices.Compact(sorted)
}
