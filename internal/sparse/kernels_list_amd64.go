package sparse

// kernels are those for stretches of C of 1 to 8 vectors.
var kernels = [widest]func(c *float32, stride int, panel *float32, counts *uint32, places *uint32, values *float32, rows int, mask uint32, accumulate bool){
	multiply1x512, multiply2x512, multiply3x512, multiply4x512, multiply5x512, multiply6x512, multiply7x512, multiply8x512,
}
