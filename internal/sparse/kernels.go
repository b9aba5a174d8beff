package sparse

type (
	listKernel   func(x *float32, rows int, tail uint32, groups int, pitch uint32, counts, places *uint16, values *float32, apart int) (entries int)
	spreadKernel func(panel, b *float32, second, third int, counts, places *uint16, values *float32, apart, groups int, mask uint32)
	gatherKernel func(c *float32, stride int, from *float32, fromStride int, panel *float32, counts, places *uint16, values *float32, apart, groups int, mask uint32)
)
