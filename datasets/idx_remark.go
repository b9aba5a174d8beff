package datasets

import (
	"fmt"
	"slices"
	"strings"
)

// rare is up to how many examples of a label may be a mistake rather than a class.
const rare = 10

// remark says which outputs have no example to learn from, and where the largest label
// is if it stands alone and is rare; "" if every label up to the largest occurs. census
// counts the labels that are present, which ascend.
func remark(present []int32, census map[int32]int, train, test *labelFile) string {
	last := present[len(present)-1]
	missing := int(last) + 1 - len(present)
	if missing == 0 {
		return ""
	}
	learn := "learns"
	if missing > 1 {
		learn = "learn"
	}
	text := fmt.Sprintf("no example has label %s: %d of %d outputs %s nothing; data.renumber=true makes classes of the %d labels that occur",
		strings.Join(gaps(present), ", "), missing, last+1, learn, len(present))
	if n := census[last]; len(present) > 1 && last-present[len(present)-2] > 1 && n <= rare {
		text += fmt.Sprintf("; label %d occurs %d×, first %s", last, n, whereabouts(last, train, test))
	}
	return text
}

// gaps lists the numbers from 0 on that are missing among ascending ones, neighbours as
// a range.
func gaps(present []int32) (all []string) {
	next := int32(0)
	for _, label := range present {
		switch {
		case label == next+1:
			all = append(all, fmt.Sprint(next))
		case label > next:
			all = append(all, fmt.Sprintf("%d to %d", next, label-1))
		}
		next = label + 1
	}
	const most = 5
	if len(all) > most {
		all = append(all[:most], "…")
	}
	return all
}

// whereabouts says where a label occurs first.
func whereabouts(label int32, files ...*labelFile) string {
	for _, f := range files {
		if i := slices.Index(f.values, label); i >= 0 {
			return fmt.Sprintf("as example %d of %s", i, f.path)
		}
	}
	return "nowhere"
}
