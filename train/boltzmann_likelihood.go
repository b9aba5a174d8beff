package train

import (
	"context"
	"errors"
	"fmt"
	"math"

	"ergon/graph"
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/likelihood"
	"ergon/internal/finite"
	"ergon/internal/philox"
	"ergon/train/rundir"
)

// along adds to an evaluation what is known of the likelihood: by the config's method if it
// asks for that, and what the chains tell.
func (m *machine) along(ctx context.Context, e *rundir.Boltzmann) (err error) {
	work, witnessed, err := m.works()
	if err != nil {
		return err
	}
	if work != nil {
		e.Work = finite.OrNil(work.Mean())
	}
	if witnessed != nil && witnessed.Updates() > 0 {
		e.WitnessWork = finite.OrNil(witnessed.Mean())
		if e.Jarzynski, err = m.byWork(ctx, witnessed, e.FreeEnergy, "jarzynski"); err != nil {
			return err
		}
		if e.Trajectory, err = m.byWork(ctx, witnessed, e.FreeEnergy, "trajectory"); err != nil {
			return err
		}
	}
	switch c := m.run.Config.Likelihood; {
	case c.Method == "jarzynski":
		e.Likelihood = e.Jarzynski
	case (c.Along || m.restricted == nil) && c.Method != "none": // a machine that sums over all states need not be asked to
		e.Likelihood, err = m.lnZ(ctx, m.method(), e.FreeEnergy)
	}
	return err
}

// works returns the work of all updates on the chains, and on the witnesses; nil where there
// are none.
func (m *machine) works() (chains, witnessed *chainWork, err error) {
	if chains, err = m.work.complete(m, m.chains); err != nil || m.witnesses == nil {
		return chains, nil, err
	}
	witnessed, err = m.witnesses.complete(m, m.witnesses.chains)
	return chains, witnessed, err
}

// byWork is the likelihood that the work on the witnesses tells, by Jarzynski's equality or along
// their trajectory, of a test set with the mean free energy f.
func (m *machine) byWork(ctx context.Context, w *chainWork, f float64, method string) (*rundir.Likelihood, error) {
	z0, err := m.initialLnZ(ctx)
	if err != nil {
		return nil, err
	}
	ratio, standardError := w.LnRatio()
	if method == "trajectory" {
		ratio, standardError = w.trajectory.LnRatio()
	}
	reach := 3 * math.Hypot(standardError, z0.StandardError)
	lnZ := z0.LnZ + ratio
	if !finite.Is(lnZ + reach) {
		return nil, nil // the loss will say that the run has diverged
	}
	l := &rundir.Likelihood{Test: -f - lnZ, LnZ: lnZ, Method: method, Lo: -f - lnZ - reach, Hi: -f - lnZ + reach, Chains: len(m.witnesses.chains) / m.model.InputWidth()}
	if effective := w.Effective(); method == "jarzynski" {
		l.Effective = &effective
	}
	return l, nil
}

// initialLnZ returns ln Z of the initial weights: by enumeration where that takes a moment or the
// final one is enumerated, too; else by annealing, for which small weights need a few
// temperatures only. There are more as long as too few chains carry the estimate.
func (m *machine) initialLnZ(ctx context.Context) (*likelihood.Estimate, error) {
	if m.lnZ0 != nil {
		return m.lnZ0, nil
	}
	first := m.restricted.Machine()
	first.W, first.Hidden, first.Visible = m.run.initial[0], m.run.initial[1], m.run.initial[2]
	const most, chains, enough = 14, 500, 250
	if likelihood.Enumerated(&first) <= most || m.method() == "exact" {
		lnZ, err := (&likelihood.Exact{Pool: m.run.Engine.Pool()}).LnZ(ctx, &first)
		m.lnZ0 = &likelihood.Estimate{LnZ: lnZ}
		return m.lnZ0, err
	}
	for betas := 5; ; betas *= 4 {
		a := likelihood.Annealing{
			Betas: likelihood.Linear(betas), Chains: chains, Pool: m.run.Engine.Pool(),
			Stream: philox.New(m.run.Config.Seed, "ais/initial"),
		}
		z0, err := a.Forward(ctx, &first)
		if err != nil {
			return nil, err
		}
		if z0.Effective >= enough || betas > m.run.Config.Likelihood.Betas {
			m.lnZ0 = z0
			return z0, nil
		}
	}
}

// recordLikelihood enters the goals of log-likelihood that an evaluation is the first to reach.
func recordLikelihood(s *rundir.Summary, r *Run, e *rundir.Metrics) {
	if e.Boltzmann == nil || e.Boltzmann.Likelihood == nil {
		return
	}
	for _, goal := range r.Config.Likelihood.AscendingGoals()[len(s.LikelihoodCrossings):] {
		if e.Boltzmann.Likelihood.Test < goal {
			break
		}
		x := rundir.LikelihoodCrossing{
			Goal: goal, Likelihood: e.Boltzmann.Likelihood.Test, Samples: e.Samples, Steps: e.Step, Updates: e.Updates,
			M0: e.M0, M1: e.M1, M0Min: e.M0Min, M1Min: e.M1Min, MACs: e.MACsEff, Work: e.Boltzmann.Work,
		}
		if s := e.Sampling; s != nil {
			x.Sampled, x.MACs = s.ActiveHidden+s.ActiveVisible, x.MACs+s.MACsEffective
		}
		s.LikelihoodCrossings = append(s.LikelihoodCrossings, x)
	}
}

// completeLikelihood fills in work, and the likelihood at the end of a run that has come to its end,
// or why it is not known, which is the error, too.
func completeLikelihood(ctx context.Context, s *rundir.Summary, r *Run) error {
	m := r.boltzmann
	if m == nil {
		return nil
	}
	s.Likelihood, s.Adversarial, s.NoLikelihood = nil, nil, ""
	work, witnessed, err := m.works()
	if err != nil {
		s.NoLikelihood = err.Error()
		return nil
	}
	if s.Work = work.report(); s.Work != nil {
		addWitnessed(s.Work, witnessed.equality())
	}
	if !s.Status.Final() || s.Status == rundir.StatusDiverged {
		s.NoLikelihood = "the run did not come to its end"
		return nil
	}
	if s.Likelihood, err = m.likelihood(ctx); err == nil {
		err = m.settle(ctx, s)
	}
	if err == nil {
		s.Adversarial, err = m.adversarial(ctx)
	}
	if err != nil {
		s.NoLikelihood = err.Error()
	}
	return err
}

// addWitnessed adds the work on witnesses, if there are any. ΔF is the machine's, and so the chains',
// whose own work does not tell it: they drive learning.
func addWitnessed(w, witnesses *rundir.ChainWork) {
	if w.Witnesses = witnesses; witnesses != nil {
		w.Free(*witnesses.DeltaF, *witnesses.Error, witnesses.By)
	}
}

// settle tells ΔF of the chains' work by what is known of ln Z at both ends.
func (m *machine) settle(ctx context.Context, s *rundir.Summary) error {
	if s.Work == nil {
		return nil
	}
	z0, err := m.initialLnZ(ctx)
	if err != nil {
		return fmt.Errorf("ln Z of the initial weights: %w", err)
	}
	l := s.Likelihood
	s.Work.Free(z0.LnZ-l.LnZ, math.Hypot(z0.StandardError, (l.Hi-l.Lo)/6), l.Method)
	return nil
}

// likelihood returns the likelihood by the method of the config.
func (m *machine) likelihood(ctx context.Context) (*rundir.Likelihood, error) {
	method := m.method()
	if method == "none" {
		return nil, errors.New("likelihood.method is none")
	}
	test, err := m.test.evaluate(ctx, m.run.Steps)
	if err != nil {
		return nil, err
	}
	l, err := m.lnZ(ctx, method, test.Boltzmann.FreeEnergy)
	if err != nil {
		return nil, err
	}
	train, err := newReflector(m, m.run.Data.Train, "train")
	if err != nil {
		return nil, err
	}
	learned, err := train.evaluate(ctx, m.run.Steps)
	if err != nil {
		return nil, err
	}
	l.Train = finite.OrNil(-learned.Boltzmann.FreeEnergy - l.LnZ)
	return l, nil
}

// method is the config's, or what it leaves open.
func (m *machine) method() string {
	const auto, most = "auto", 20 // 2²⁰ states take seconds
	if method := m.run.Config.Likelihood.Method; method != auto {
		return method
	}
	if m.restricted == nil {
		return "exact"
	}
	if machine := m.restricted.Machine(); likelihood.Enumerated(&machine) <= most {
		return "exact"
	}
	return "ais"
}

// lnZ finds ln Z, and with it the likelihood of the test set, of mean free energy f.
func (m *machine) lnZ(ctx context.Context, method string, f float64) (*rundir.Likelihood, error) {
	if exact, ok := m.model.(graph.Exact); ok {
		return exactly(f, exact.LnZ()), nil
	}
	machine, pool := m.restricted.Machine(), m.run.Engine.Pool()
	switch method {
	case "jarzynski":
		_, witnessed, err := m.works()
		if err == nil && witnessed.Updates() == 0 {
			err = errors.New("no update did work on the chains")
		}
		if err != nil {
			return nil, err
		}
		return m.byWork(ctx, witnessed, f, method)
	case "exact":
		lnZ, err := (&likelihood.Exact{Pool: pool}).LnZ(ctx, &machine)
		if err != nil {
			return nil, fmt.Errorf("likelihood.method: %w", err)
		}
		return exactly(f, lnZ), nil
	}
	return m.annealed(ctx, &machine, f)
}

// exactly is the likelihood of a mean free energy f where ln Z is known.
func exactly(f, lnZ float64) *rundir.Likelihood {
	return &rundir.Likelihood{Test: -f - lnZ, LnZ: lnZ, Method: "exact", Lo: -f - lnZ, Hi: -f - lnZ}
}

// annealed is the likelihood by annealed importance sampling, and ln Z in the other direction.
func (m *machine) annealed(ctx context.Context, machine *boltzmann.Machine, f float64) (*rundir.Likelihood, error) {
	c := m.run.Config.Likelihood
	a := likelihood.Annealing{
		Betas: likelihood.Linear(c.Betas), Chains: c.Chains, Pool: m.run.Engine.Pool(),
		Stream: philox.New(m.run.Config.Seed, "ais/final"),
	}
	z, err := a.Forward(ctx, machine)
	if err != nil {
		return nil, err
	}
	l := &rundir.Likelihood{
		Test: -f - z.LnZ, LnZ: z.LnZ, Method: "ais", Lo: -f - z.Hi, Hi: -f - z.Lo,
		Effective: &z.Effective, Chains: z.Chains,
	}
	if n := m.count(); m.model.Negative() == graph.Persistent && n > 1 {
		back, err := a.Reverse(ctx, machine, m.chains[:min(n, c.Chains)*m.model.InputWidth()])
		if err != nil {
			return nil, err
		}
		l.LnZReverse = &back.LnZ
	}
	return l, nil
}
