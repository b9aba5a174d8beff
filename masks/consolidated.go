package masks

import "ergon/internal/simd"

// Consolidated returns as a Consolidation what simd.Consolidate counted of a chunk. Its lanes are added in order.
func Consolidated(counts *simd.Consolidated, decay float32) Consolidation {
	c := Consolidation{M0: int64(counts.M0), Decayed: int64(counts.Left)}
	for lane := range simd.BlockLanes {
		c.M1 += counts.M1[lane]
		c.Transient += counts.Transient[lane]
	}
	c.Lost = c.Transient * float64(decay)
	return c
}
