package sparse

type (
	listKernel   func(x *float32, stride, rows int, tail uint32, groups int, pitch uint32, counts, places *uint16, values *float32, apart int) (entries int)
	copyKernel   func(to *float32, toPitch int, from *float32, fromPitch, rows, vectors int, mask uint32)
	spreadKernel func(panel, b *float32, second, last int, counts, places *uint16, values *float32, apart, groups int, mask uint32)
	gatherKernel func(c *float32, stride int, from *float32, fromStride int, panel *float32, counts, places *uint16, values *float32, apart, groups int, mask uint32)
)
