package sparse

type (
	copyKernel   func(to *float32, toPitch int, from *float32, fromPitch, rows, vectors int, mask uint32)
	spreadKernel func(panel *float32, pitch int, b *float32, stride int, words *uint64, x *float32, next, groups int, mask uint32)
	gatherKernel func(c *float32, stride int, from *float32, fromStride int, panel *float32, pitch int, words *uint64, x *float32, next, line, rows int, mask uint32)
)
