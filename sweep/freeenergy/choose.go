package freeenergy

import (
	"fmt"
	"slices"
)

// Missing is a run that is not used, and why.
type Missing struct {
	LR   float64 `json:"lr"`
	Seed uint64  `json:"seed"`
	Why  string  `json:"why"`
}

// chosen has the runs that a curve is made of: the same seeds at each rate.
type chosen struct {
	rates   []Rate // with the runs of seeds alone, in their order
	seeds   []uint64
	missing []Missing // in the order of rates and seeds
}

// choose returns the runs to use. A rate at which a run that ended has no state is left out: the mean
// of the others would be one of the runs that fared well. Of what remains, the seed that is known at
// most rates says which rates are used, and the seeds that are known at all of these are.
func choose(rates []Rate) *chosen {
	why := problems(rates)
	out := make([]bool, len(rates))
	for i, rate := range rates {
		for j, run := range rate.Runs {
			out[i] = out[i] || run.Ended && why[i][j] != ""
		}
	}
	usable := func(i int, seed uint64) bool {
		j := slices.IndexFunc(rates[i].Runs, func(r Run) bool { return r.Seed == seed })
		return !out[i] && j >= 0 && why[i][j] == ""
	}
	var c chosen
	kept := widest(rates, usable)
	for _, seed := range seedsOf(rates) {
		if len(kept) > 0 && !slices.ContainsFunc(kept, func(i int) bool { return !usable(i, seed) }) {
			c.seeds = append(c.seeds, seed)
		}
	}
	for i, rate := range rates {
		used := Rate{LR: rate.LR}
		for j, run := range rate.Runs {
			switch {
			case why[i][j] != "":
				c.missing = append(c.missing, Missing{rate.LR, run.Seed, why[i][j]})
			case out[i]:
				c.missing = append(c.missing, Missing{rate.LR, run.Seed, "another seed has no state at this rate"})
			case !slices.Contains(kept, i) || !slices.Contains(c.seeds, run.Seed):
				c.missing = append(c.missing, Missing{rate.LR, run.Seed, "known, but not used: seeds are compared at rates that they share"})
			default:
				used.Runs = append(used.Runs, run)
			}
		}
		if slices.Contains(kept, i) {
			c.rates = append(c.rates, used)
		}
	}
	return &c
}

// problems returns why each run [rates][runs] has no state that can be compared with its seed's
// others; empty: it has. The kind of window that most rates of a seed have is the seed's.
func problems(rates []Rate) [][]string {
	why := make([][]string, len(rates))
	count := map[uint64]map[kind]int{}
	for i, rate := range rates {
		for _, run := range rate.Runs {
			why[i] = append(why[i], run.problem())
			if why[i][len(why[i])-1] == "" {
				if count[run.Seed] == nil {
					count[run.Seed] = map[kind]int{}
				}
				count[run.Seed][run.kind()]++
			}
		}
	}
	usual := map[uint64]kind{}
	for i, rate := range rates {
		for j, run := range rate.Runs {
			if why[i][j] == "" && count[run.Seed][run.kind()] > count[run.Seed][usual[run.Seed]] {
				usual[run.Seed] = run.kind()
			}
		}
	}
	for i, rate := range rates {
		for j, run := range rate.Runs {
			if own := usual[run.Seed]; why[i][j] == "" && run.kind() != own {
				why[i][j] = fmt.Sprintf("its last window has %v, and others of the seed %v: entropies do not compare", run.kind(), own)
			}
		}
	}
	return why
}

// widest returns the rates of the seed that has most of them, the first of several.
func widest(rates []Rate, usable func(i int, seed uint64) bool) (most []int) {
	for _, seed := range seedsOf(rates) {
		var own []int
		for i := range rates {
			if usable(i, seed) {
				own = append(own, i)
			}
		}
		if len(own) > len(most) {
			most = own
		}
	}
	return most
}

// seedsOf lists the seeds in the order in which they come.
func seedsOf(rates []Rate) (seeds []uint64) {
	for _, rate := range rates {
		for _, run := range rate.Runs {
			if !slices.Contains(seeds, run.Seed) {
				seeds = append(seeds, run.Seed)
			}
		}
	}
	return seeds
}
