package sweep

// differing returns the candidates without those that resolve to the same run as one
// before them, which draws from a few values often do: each would take the place of
// another on the next rung.
func (b *Bench) differing(rules []Rule, overrides []Setting) (kept []Rule, err error) {
	round := b.round(rules)
	arms, resolved, err := round.resolve(overrides)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i := range arms {
		trained, err := trainedHash(resolved[i])
		if err != nil {
			return nil, err
		}
		if !seen[trained] {
			seen[trained] = true
			kept = append(kept, rules[i])
		}
	}
	return kept, nil
}

// round is the benchmark of one rung of a search.
func (b *Bench) round(rules []Rule) *Bench {
	round := *b
	round.Rules, round.Grid, round.Published, round.FreeEnergy = rules, nil, nil, nil
	round.Stop, round.Baseline, round.MaybeEqual = true, rules[0].Label, true
	return &round
}
