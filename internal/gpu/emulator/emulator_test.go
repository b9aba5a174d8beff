//go:build linux

package emulator

import (
	"testing"

	"ergon/internal/gpu/gputest"
)

func TestConform(t *testing.T) { gputest.Conform(t, Test(t)) }
