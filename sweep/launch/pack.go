package launch

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ergon/configs"
	"ergon/sweep"
)

// packOf returns how many cells a task takes so that it lasts long enough: as many as
// launch says, or as many of the given seconds.
func packOf(l configs.Launch, cellS float64, cells int) int {
	n := l.Pack
	if n == 0 {
		n = cells
		if most := math.Ceil(l.TaskS / cellS * float64(l.CPUs)); most < float64(cells) {
			n = int(most)
		}
	}
	return max(1, min(n, cells))
}

// Packs returns the number of packs.
func (s *Sweep) Packs() int { return (len(s.cells) + s.pack() - 1) / s.pack() }

// pack returns the number of cells of a pack, the last of which may have less.
func (s *Sweep) pack() int { return max(1, s.list.Pack) }

// bounds returns the first cell of a pack in the list, and the first after it.
func (s *Sweep) bounds(i int) (lo, hi int) {
	return i * s.pack(), min((i+1)*s.pack(), len(s.cells))
}

// packed returns the cells of a pack.
func (s *Sweep) packed(i int) []sweep.Cell {
	lo, hi := s.bounds(i)
	return s.cells[lo:hi]
}

// Ranges are whole numbers from 0 on in ascending order, as 0-9,12: packs.
type Ranges []int

// String writes them.
func (r Ranges) String() string {
	var parts []string
	for i := 0; i < len(r); {
		j := i
		for j+1 < len(r) && r[j+1] == r[j]+1 {
			j++
		}
		part := strconv.Itoa(r[i])
		if j > i {
			part += "-" + strconv.Itoa(r[j])
		}
		parts, i = append(parts, part), j+1
	}
	return strings.Join(parts, ",")
}

// ParseRanges reads what String writes; most bounds the numbers.
func ParseRanges(text string, most int) (r Ranges, err error) {
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		lo, errLo := number(first)
		hi, errHi := number(last)
		switch {
		case errLo != nil || errHi != nil || lo > hi:
			return nil, fmt.Errorf("want packs as 0-9,12, got %q", text)
		case hi > most:
			return nil, fmt.Errorf("%q: packs are 0 to %d", text, most)
		}
		for i := lo; i <= hi; i++ {
			r = append(r, i)
		}
	}
	if !slices.IsSorted(r) || len(slices.Compact(slices.Clone(r))) != len(r) {
		return nil, fmt.Errorf("want packs in ascending order, each once, got %q", text)
	}
	return r, nil
}

// number reads decimal digits without a leading zero.
func number(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && strconv.Itoa(n) != text || n < 0 {
		err = strconv.ErrSyntax
	}
	return n, err
}
