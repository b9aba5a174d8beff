// Package safetensors writes and reads arrays in the format of that name
// (https://github.com/huggingface/safetensors): eight bytes with the length of a
// header, the header in JSON, and the numbers of one array after the other. It takes
// less than the format allows: a file is read if it is as Write would have made it, up
// to spaces and the order of what may stand in any order, and refused otherwise,
// before memory is spent on it.
package safetensors

import "fmt"

// DType is the type of the numbers of an array: their size in bytes.
type DType int

// The types that are written and read, little-endian.
const (
	F32 DType = 4
	F64 DType = 8
)

func (t DType) String() string { return fmt.Sprintf("F%d", 8*t) }

// Entry is a text under a name. Texts are UTF-8.
type Entry struct {
	Key  string
	Text []byte
}

const (
	metadataKey = "__metadata__"
	prefix      = 8           // bytes in front of the header: its length
	maxHeader   = 100_000_000 // bytes, the format's own limit
	maxRank     = 8
)

// maxNames is how many arrays and entries a file of a size may have. Each costs a
// reader up to 256 bytes beside its text, so that a file costs less than twice its
// size and a MiB.
func maxNames(size int64) int64 { return 3072 + size/256 }

// elements is the product of a shape; ok is false if it, or its size in bytes, is no int64.
func elements(shape []int64, t DType) (n int64, ok bool) {
	const most = 1<<63 - 1
	n, empty := 1, false
	for _, dim := range shape {
		if empty = empty || dim == 0; dim == 0 {
			continue
		}
		if dim < 0 || n > most/int64(t)/dim {
			return 0, false
		}
		n *= dim
	}
	if empty {
		return 0, true
	}
	return n, true
}
