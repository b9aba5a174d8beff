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
// it has the means over the seeds at the first evaluation at or above the goal,
// with 95 % intervals from a percentile bootstrap (Efron & Tibshirani 1993,
// ch. 13: 10 000 resamples of the seeds, the same ones in every call), and the
// savings
//
//	saving = mean(baseline) / mean(rule),
//
// whose interval resamples numerator and denominator, each by itself: a saving
// is real at that level where its interval does not hold 1. Runs that miss the
// goal have no cost of reaching it; the means are over those that reach it, and
// where any run of a rule or of the baseline misses, there is no saving.
//
// The Pareto front of M0 (of M1) is the set of rules and goals, reached by all
// seeds, to which no other is both as accurate and as cheap.
package sweep
