// Package freeenergy makes temperatures of what the runs of a benchmark have measured of the energy
// U and the entropy S of their weights (Sadrtdinov et al. 2025, arXiv 2505.23489): it is the
// mathematics between summaries and tables, without files.
//
// A [Curve] is a rule, at one point of all grid axes but the learning rate. Its states are those of
// the last window of each run, the mean over seeds. T(η) is told by [temperature.Bracket]. Standard
// errors leave out one seed after the other.
//
// Rates are comparable only if the same seeds are known at all of them: [choose] says which seeds and
// rates those are, and [Curve.Missing] has the runs that are not used, each with the reason.
package freeenergy
