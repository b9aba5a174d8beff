//go:build !linux || !cgo

package meter

import "errors"

// nvidiaCards explains that the binding of NVIDIA's library needs cgo.
func nvidiaCards() ([]card, error) {
	return nil, errors.New(`is not in this build, which was made without cgo; on Linux, with a C compiler, "CGO_ENABLED=1 go build ./cmd/ergon" has it`)
}
