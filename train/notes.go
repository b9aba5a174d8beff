package train

import (
	"fmt"
	"slices"
	"strings"
)

// Notes says what is odd about the run, in a line each: about states that are enumerated, the
// labels, weights beyond the bounds of their devices, goals that cannot be reached, and the examples held out, which are the last of the training examples of files that
// may be sorted by class.
func (r *Run) Notes() (notes []string) {
	d := r.Data
	if r.boltzmann.enumerates() {
		notes = append(notes, "the model's phase is exact, by all its states: the account has the presentations only, as no machine but a computer goes through these")
	}
	if d.Remark != "" {
		notes = append(notes, d.Remark)
	}
	for _, note := range []string{r.noteBound(), r.noteSustain()} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	if d.Validation == nil {
		return notes
	}
	held := d.Validation.Absent(d.Classes)
	if len(held) > 0 {
		notes = append(notes, fmt.Sprintf("none of the %d training examples held out for validation has class %s", d.Validation.Len(), listed(held)))
	}
	for _, class := range d.Train.Absent(d.Classes) {
		if !slices.Contains(held, class) {
			notes = append(notes, fmt.Sprintf("all training examples of class %d are held out for validation: nothing is learned of it; are the files sorted by class?", class))
		}
	}
	return notes
}

// listed writes numbers as in 1, 2 or 7.
func listed(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = fmt.Sprint(n)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
