// Package temperature finds the temperature T(η) at which learning at a fixed rate η, in the
// long run, minimises the free energy F = U - T·S: U is the mean training loss, S the entropy
// of the weights (Sadrtdinov, Klimov, Lobacheva and Vetrov 2025, arXiv 2505.23489).
//
// What is known of each rate is its U and its S, a [State]. If the rate η is what minimises F at its
// own temperature, then for every other rate
//
//	U(η) - T(η)·S(η) ≤ U(η') - T(η)·S(η') + ε,
//
// which brackets T(η): [Bracket]. The slack ε allows for the errors of U. U and S are smoothed
// over ln η before, [Smooth]; the law T = c·η^b is fitted behind, [FitPowerLaw].
package temperature
