package selection

import "testing"

// Each column's threshold is that of a sort of its keys, for any number of columns and
// any division of the rows into slices.
func TestColumnsAreSelectedOnTheirOwn(t *testing.T) {
	const height, k = 71, 15
	var c Columns
	for _, width := range []int{1, columnsPerLine - 1, columnsPerLine, columnsPerLine + 1, 3*columnsPerLine + 5} {
		values := normals(height * width)
		for _, flip := range []uint32{0, MagnitudeBits} {
			thresholds := make([]uint32, width)
			c.Thresholds([][]float32{values[:70*width], values[70*width:]}, flip, k, 0, thresholds)
			for j, got := range thresholds {
				var column []float32
				for i := j; i < len(values); i += width {
					column = append(column, values[i])
				}
				if want := sortedKth(keysOf(column, flip), k); got != want {
					t.Errorf("column %d of %d, flipped by %x: %x, want %x", j, width, flip, got, want)
				}
			}
		}
	}
}
