//go:build !amd64

package sparse

// Nothing below is called: Supported is false.

const without = "sparse: no kernels for this processor"

func list2x512(*float32, int, uint32, int, uint32, *uint16, *uint16, *float32, int) int {
	panic(without)
}

func list3x512(*float32, int, uint32, int, uint32, *uint16, *uint16, *float32, int) int {
	panic(without)
}

func copy512(*float32, int, *float32, int, int, int, uint32) { panic(without) }

var (
	spread [widest]spreadKernel
	gather [widest]gatherKernel
)
