package datasets

import (
	"fmt"
	"strconv"
	"strings"
)

// String says in words what the data are: 520 + 260 images of 8×8, classes 1–26; with
// examples held out for validation, 500 + 20 held out + 260.
func (d *Data) String() string {
	what := "vectors of " + shapeText(d.Shape)
	if d.images {
		what = "images of " + shapeText(d.Shape)
	}
	classes := "real-valued targets"
	if d.Classes > 0 {
		classes = fmt.Sprintf("classes %d–%d", d.FirstLabel, d.LastLabel)
	}
	if d.Classes > 0 && (d.FirstLabel != 0 || d.LastLabel != d.Classes-1) {
		classes += fmt.Sprintf(" on %d outputs", d.Classes)
	}
	held := ""
	if d.Validation != nil {
		held = fmt.Sprintf(" + %d held out", d.Validation.Len())
	}
	return fmt.Sprintf("%d%s + %d %s, %s", d.Train.Len(), held, d.Test.Len(), what, classes)
}

// shapeText writes a shape as 3×32×32.
func shapeText(shape []int) string {
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = strconv.Itoa(n)
	}
	return strings.Join(sizes, "×")
}
