package sparse

type (
	spreadKernel func(panel, b *float32, stride int, counts, places *uint16, first, second *float32, pairs int, mask uint32)
	gatherKernel func(c *float32, stride int, from *float32, fromStride int, panel *float32, counts, places *uint16, first, second *float32, pairs int, mask uint32)
)
