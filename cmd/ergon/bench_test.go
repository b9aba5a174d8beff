package main

import (
	"errors"
	"strings"
	"testing"

	"ergon/sweep"
)

// After an interrupt the same call goes on, but not with --force, which would
// begin anew.
func TestHowToGoOn(t *testing.T) {
	pending := []sweep.Outcome{{}}
	for force, want := range map[bool]string{
		false: "interrupted with 1 of 1 runs to go; what is finished is in here, and the same call goes on from there",
		true:  "interrupted with 1 of 1 runs to go; what is finished is in here, and the same call without --force runs only what is missing",
	} {
		err := benchError(pending, benchOptions{force: force, out: "here"})
		if code, ok := errors.AsType[exit](err); !ok || code.code != exitInterrupted || !strings.Contains(err.Error(), want) {
			t.Errorf("force %v: got %v, want %s", force, err, want)
		}
	}
}
