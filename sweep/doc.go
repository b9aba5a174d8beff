// Package sweep runs many configs and compares them. A benchmark ([Bench]) asks
// what it costs to reach an accuracy: which rule changes the fewest synapses
// (M0), by the least (M1), in how many presentations, and whether the
// difference is larger than what the seeds make of it.
//
// A cell is one run: rule × grid point × seed, a config like any other with one
// thread, in the run directory OUT/cells/HASH, HASH being the config's. That
// makes a benchmark something to go on with: [Run] leaves alone the cells that
// are finished, whoever finished them and under whatever label, and runs those
// that are missing, were interrupted or have failed.
//
// A [Report] is computed from the cells' summaries alone. For each rule and goal
// it has the arithmetic means over the seeds at the first evaluation at or above
// the goal, and the savings
//
//	saving = geometric mean over seeds of cost(baseline)/cost(rule),
//
// both with 95 % intervals by Student's t on a logarithmic scale (package
// estimate). Runs of one seed are a pair, since they share initial weights and
// order of presentation. A saving is real at that level where its interval does
// not hold 1. Runs that miss the goal have no cost of reaching it: means are over
// those that reach it, savings over the seeds on which both do. Of one seed
// there is no interval.
//
// Boltzmann machines have no accuracy. Of these a benchmark compares log-likelihoods, at the end of
// the runs and at goals of their own ([Likelihood]); savings are the same ratios.
//
// The Pareto front of M0 (of M1) is the set of rules and goals, reached by all
// seeds, to which no other is both as accurate and as cheap. The frontier of a goal has the
// rules to which no other has both as few writes and as few updates of accumulators.
package sweep
