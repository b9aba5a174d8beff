package simd

import "math"

// Turn replaces directions [rank,width] by combinations of them and of one more, added [width], and returns how many numbers
// have changed. Direction k becomes
//
//	rows[k,rank]·added + Σ_j rows[k,j]·direction_j, j ascending,
//
// in float64, each product rounded. rows are [rank,rank+1]. next has room for the directions.
func Turn(directions []float32, rows, added []float64, next []float32) (changed int) {
	width := len(added)
	if width == 0 {
		return 0
	}
	rank := len(directions) / width
	done, changed := turnVectors(directions, rows, added, next)
	for k := range rank {
		row := rows[k*(rank+1) : (k+1)*(rank+1)]
		for i := done; i < width; i++ {
			sum := float64(row[rank] * added[i])
			for j, r := range row[:rank] {
				sum += float64(r * float64(directions[j*width+i]))
			}
			next[k*width+i] = float32(sum)
		}
	}
	for k := range rank {
		for i := k*width + done; i < (k+1)*width; i++ {
			if next[i] != directions[i] {
				directions[i] = next[i]
				changed++
			}
		}
	}
	return changed
}

// Largest returns the largest magnitude of x, 0 of none; NaN, if there is one.
func Largest(x []float32) float32 {
	done, most := largestVectors(x)
	for _, v := range x[done:] {
		most = max(most, math.Float32bits(v)&magnitude)
	}
	return math.Float32frombits(most)
}
