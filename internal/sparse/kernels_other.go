//go:build !amd64

package sparse

// Nothing below is called: Supported is false.

const without = "sparse: no kernels for this processor"

func compress512(*float32, int, uint32, *uint32, *float32) int { panic(without) }

var kernels [widest]func(c *float32, stride int, panel *float32, counts *uint32, places *uint32, values *float32, rows int, mask uint32, accumulate bool)
