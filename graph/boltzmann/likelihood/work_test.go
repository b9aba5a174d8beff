package likelihood

import (
	"math"
	"slices"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/internal/philox"
	"ergon/internal/state"
)

// training drives chains [n,V] of a machine whose parameters grow from zero to those of a target.
type training struct {
	target *boltzmann.Machine
	chains []float32
	n      int
	stream philox.Stream
	// What looks on.
	work       *Work
	trajectory *Trajectory
}

// newTraining begins at zero weights and biases, with independent samples.
func newTraining(target *boltzmann.Machine, chains int, seed uint64) *training {
	d := &training{
		target: target, n: chains, stream: philox.New(seed, "test/training"),
		chains: make([]float32, chains*len(target.Visible)), work: NewWork(chains), trajectory: NewTrajectory(chains),
	}
	for i := range d.chains {
		d.chains[i] = float32(d.stream.Uint32(0, uint64(i)) >> 31)
	}
	return d
}

// machine returns that with a share of all parameters.
func (d *training) machine(share float32) *boltzmann.Machine {
	m := *d.target
	for _, x := range []*[]float32{&m.W, &m.Visible, &m.Hidden} {
		*x = slices.Clone(*x)
		for i := range *x {
			(*x)[i] *= share
		}
	}
	return &m
}

// update is number k of all updates: the machine changes, then every chain makes one sweep.
func (d *training) update(t testing.TB, k, all int) {
	t.Helper()
	before, after := make([]float64, d.n), make([]float64, d.n)
	d.machine(float32(k-1)/float32(all)).FreeEnergies(before, d.chains)
	now := d.machine(float32(k) / float32(all))
	now.FreeEnergies(after, d.chains)
	if err := d.work.Add(before, after); err != nil {
		t.Fatal(err)
	}
	if err := d.trajectory.Add(before, after); err != nil {
		t.Fatal(err)
	}
	v := len(now.Visible)
	for c := range d.n {
		d.sweep(now, uint64(k), uint64(c), d.chains[c*v:(c+1)*v])
	}
}

// sweep draws h given v and v given h.
func (d *training) sweep(m *boltzmann.Machine, step, chain uint64, v []float32) {
	hidden, visible, h := make([]float64, len(m.Hidden)), make([]float64, len(v)), make([]float32, len(m.Hidden))
	words := make([]uint32, whole(len(h))+whole(len(v)))
	fill(words, d.stream, step, chain*uint64(len(words)))
	m.HiddenFields(hidden, v)
	m.HiddenUnits.Sample(hidden, hidden, words)
	for j, x := range hidden {
		h[j] = float32(x)
	}
	m.VisibleFields(visible, h)
	m.VisibleUnits.Sample(visible, visible, words[whole(len(h)):])
	for i, x := range visible {
		v[i] = float32(x)
	}
}

// lnRatio returns the exact ln(Z_T/Z_0).
func (d *training) lnRatio(t testing.TB) float64 { return lnZ(t, d.target) - lnZ(t, d.machine(0)) }

// The work done on chains that are far from equilibrium gives ln(Z_T/Z_0) within 3 standard errors, with
// resampling at an effective share of 0.7 and without. The trajectory of the same chains is
// too low on the whole, by no more than they dissipate.
func TestWork(t *testing.T) {
	const chains, updates = 300, 20
	bias, variance := 0.0, 0.0
	for seed := range uint64(4) {
		for _, share := range []float64{0, 0.7} {
			d := newTraining(random(6, 7, 4, seed), chains, seed)
			for k := range updates {
				d.update(t, k+1, updates)
				if d.work.Effective() < share*chains {
					d.resample(uint64(k))
				}
			}
			exact := d.lnRatio(t)
			value, standardError := d.work.LnRatio()
			near(t, "ln Z ratio by work", value, exact, 3*standardError)
			dissipated := d.work.Dissipated()
			if standardError > 0.2 || dissipated < 0.1 || d.work.Updates() != updates {
				t.Errorf("standard error %v, dissipated %v in %d updates", standardError, dissipated, d.work.Updates())
			}
			follows, followsError := d.trajectory.LnRatio()
			t.Logf("seed %d, resampled below %v: ln Z ratio off by %.3f ± %.3f, trajectory by %.3f ± %.3f, dissipated %.3f",
				seed, share, value-exact, standardError, follows-exact, followsError, dissipated)
			if follows > exact+3*followsError || follows < exact-dissipated-3*followsError {
				t.Errorf("trajectory is %.3f ± %.3f from the exact ratio, want 0 to -%.3f", follows-exact, followsError, dissipated)
			}
			if share == 0 {
				bias, variance = bias+follows-exact, variance+followsError*followsError
			}
		}
	}
	if bias > -3*math.Sqrt(variance) {
		t.Errorf("the trajectory's biases add up to %.3f ± %.3f, want them below 0", bias, math.Sqrt(variance))
	}
}

// resample lets chains go on from where their ancestors are.
func (d *training) resample(step uint64) {
	was, v := slices.Clone(d.chains), len(d.target.Visible)
	for c, a := range d.work.Resample(d.stream.Uint32(1<<40+step, 0)) {
		copy(d.chains[c*v:(c+1)*v], was[a*v:(a+1)*v])
	}
}

// Along one path the dissipated work falls as one over the number of updates. Of n chains it has the
// relative error √(2/n), which gives the slope a standard error of 0.03; the test allows 0.1.
func TestDissipationFallsWithUpdates(t *testing.T) {
	const chains = 500
	p := newPath(random(8, 8, 0.8, 21), nil)
	var x, y []float64
	for updates := 100; updates <= 1600; updates *= 2 {
		w := walkAlong(t, p, chains, updates)
		x, y = append(x, math.Log(float64(updates))), append(y, math.Log(w.Dissipated()))
	}
	t.Logf("ln W_diss: %.2f", y)
	near(t, "slope of ln W_diss over ln updates", slope(x, y), -1, 0.1)
}

// walkAlong returns the work of so many updates along a path.
func walkAlong(t *testing.T, p *path, n, updates int) *Work {
	w, chains := NewWork(n), make([]*chain, n)
	before, after := make([]float64, n), make([]float64, n)
	for c := range chains {
		chains[c] = p.chain(philox.New(uint64(updates), "test/along"), c)
		chains[c].begin(0)
	}
	for k := range updates {
		from, to := float64(k)/float64(updates), float64(k+1)/float64(updates)
		for c, chain := range chains {
			before[c] = chain.lnWeight(from, to)
			chain.sweep(uint64(k+1), to)
		}
		if err := w.Add(before, after); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// slope returns that of the line of least squares.
func slope(x, y []float64) float64 {
	mx, my, xx, xy := mean(x), mean(y), 0.0, 0.0
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / xx
}

// The change of F between two machines of a path is that of the machines' own free energies.
func TestChainsWeights(t *testing.T) {
	m := random(7, 5, 1, 3)
	base := []float64{1, -1, 0.5, 0, 0.25, 2, -2}
	p := newPath(m, base)
	at := func(beta float64) *boltzmann.Machine {
		n := *m
		n.W, n.Visible, n.Hidden = slices.Clone(m.W), slices.Clone(m.Visible), slices.Clone(m.Hidden)
		for i := range n.W {
			n.W[i] *= float32(beta)
		}
		for i := range n.Visible {
			n.Visible[i] = float32((1-beta)*base[i] + beta*float64(n.Visible[i]))
		}
		for j := range n.Hidden {
			n.Hidden[j] *= float32(beta)
		}
		return &n
	}
	c := p.chain(stream("weights"), 0)
	for x := range 1 << 7 {
		v := digits(x, 7)
		c.put(v)
		near(t, "ln weight", c.lnWeight(0.25, 0.75), at(0.25).FreeEnergy(v)-at(0.75).FreeEnergy(v), 1e-5) // of float32 machines
	}
	near(t, "ln Z₀", p.lnZ0(), lnZ(t, at(0)), 1e-12)
}

// Resampling keeps the mean weight, gives every chain the number of descendants that its weight asks
// for, rounded up or down, and leaves equal weights.
func TestResample(t *testing.T) {
	const n = 50
	for word := range uint32(40) {
		w, zeros, after := NewWork(n), make([]float64, n), make([]float64, n)
		for c := range after {
			after[c] = 2 * stream("resample").Normal(uint64(word), uint64(c))
		}
		if err := w.Add(zeros, after); err != nil {
			t.Fatal(err)
		}
		weights := make([]float64, n)
		w.Weights(weights)
		value, standardError := w.LnRatio()
		total := w.Mean()
		children := make([]float64, n)
		for _, a := range w.Resample(word * (math.MaxUint32 / 39)) {
			children[a]++
		}
		for c, k := range children {
			if math.Abs(k-n*weights[c]) >= 1+1e-12 {
				t.Errorf("chain %d of weight %.3f of %d has %v descendants", c, weights[c], n, k)
			}
		}
		near(t, "effective chains", w.Effective(), n, 1e-12)
		again, errorAgain := w.LnRatio()
		near(t, "ln Z ratio", again, value, 1e-12)
		near(t, "its standard error", errorAgain, standardError, 1e-12)
		near(t, "mean work", w.Mean(), total, 1e-12)
	}
}

// A restored memory goes on with the same bits.
func TestWorkIsRemembered(t *testing.T) {
	m := random(5, 4, 1, 2)
	whole, half := newTraining(m, 20, 1), newTraining(m, 20, 1)
	for k := range 10 {
		whole.update(t, k+1, 10)
		if k == 3 {
			whole.resample(0)
		}
		if k == 5 {
			half.work, half.trajectory = restored(t, whole.work, NewWork(20)), restored(t, whole.trajectory, NewTrajectory(20))
			copy(half.chains, whole.chains)
		}
	}
	for k := 6; k < 10; k++ {
		half.update(t, k+1, 10)
	}
	for i, pair := range [][2]func() (float64, float64){{whole.work.LnRatio, half.work.LnRatio}, {whole.trajectory.LnRatio, half.trajectory.LnRatio}} {
		value, standardError := pair[0]()
		if v, s := pair[1](); v != value || s != standardError {
			t.Errorf("%d: %v ± %v after a restore, %v ± %v without", i, v, s, value, standardError)
		}
	}
	if half.work.Mean() != whole.work.Mean() || half.work.Updates() != 10 || half.trajectory.Updates() != 10 {
		t.Error("mean work or the number of updates is forgotten")
	}
	snapshot, err := state.Save(whole.work)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, snapshot.Restore(NewWork(19)), "work", "19")
}

func restored[T any](t *testing.T, from, to T) T {
	t.Helper()
	snapshot, err := state.Save(from)
	if err == nil {
		err = snapshot.Restore(to)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// Other numbers of chains are refused; NaN stays NaN.
func TestWorkRefuses(t *testing.T) {
	w, trajectory := NewWork(3), NewTrajectory(3)
	refused(t, w.Add(make([]float64, 3), make([]float64, 4)), "3 chains before and 4 after", "there are 3")
	refused(t, trajectory.Add(make([]float64, 2), make([]float64, 3)), "2 chains before")
	diverged := []float64{0, math.NaN(), 0}
	if w.Add(make([]float64, 3), diverged) != nil || trajectory.Add(make([]float64, 3), diverged) != nil {
		t.Error("NaN is refused")
	}
	value, _ := w.LnRatio()
	follows, _ := trajectory.LnRatio()
	if !math.IsNaN(value) || !math.IsNaN(follows) || !math.IsNaN(w.Effective()) || !math.IsNaN(w.Dissipated()) {
		t.Errorf("NaN becomes %v, %v, %v, %v", value, follows, w.Effective(), w.Dissipated())
	}
	if got := len(w.Resample(5)); got != 3 {
		t.Errorf("%d ancestors, want 3", got)
	}
}
