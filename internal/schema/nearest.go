package schema

import (
	"fmt"
	"strings"
)

// DidYouMean returns a hint that names the candidate nearest to word, or "" if
// none is near.
func DidYouMean(word string, candidates []string) string {
	if best, ok := nearest(word, candidates); ok {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return ""
}

// nearest returns the candidate with the smallest edit distance to word. A
// third of the letters may differ; a candidate that begins like word to its end
// (prob for p, hid for hidden) is as near as two edits.
func nearest(word string, candidates []string) (best string, ok bool) {
	const prefixCost = 2
	if len(word) > 64 { // no key is that long, and the distance takes quadratic time
		return "", false
	}
	word = strings.ToLower(word)
	least := -1
	for _, candidate := range candidates {
		other := strings.ToLower(candidate)
		cost := distance(word, other)
		near := cost <= (max(len(word), len(other))+1)/3
		if word != "" && other != "" && (strings.HasPrefix(word, other) || strings.HasPrefix(other, word)) {
			cost, near = min(cost, prefixCost), true
		}
		if near && (least < 0 || cost < least) {
			best, least = candidate, cost
		}
	}
	return best, least >= 0
}

// distance is the number of insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment), counted in bytes.
func distance(a, b string) int {
	before := make([]int, len(b)+1) // distances of a[:i-2] to every b[:j]
	last := make([]int, len(b)+1)   // of a[:i-1]
	row := make([]int, len(b)+1)    // of a[:i]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(last[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
