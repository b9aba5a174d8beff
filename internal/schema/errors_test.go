package schema

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrorText(t *testing.T) {
	for want, e := range map[string]Error{
		"run.yaml:7: rule.lr: is odd; try 1": {"run.yaml", 7, "rule.lr", "is odd", "try 1"},
		"command line: rule.lr: is odd":      {CommandLine, 0, "rule.lr", "is odd", ""},
		"line 7: is odd":                     {"", 7, "", "is odd", ""},
		"rule.lr: is odd":                    {"", 0, "rule.lr", "is odd", ""},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Whatever way a Validate method combines errors, each blames its key.
func TestComplaints(t *testing.T) {
	field := Fieldf("hidden[2]", "%d is too many", 3)
	want := []fieldError{{"hidden[2]", "3 is too many"}, {"", "plain"}, {"hidden[2]", "wrapped: hidden[2]: 3 is too many"}}
	got := complaints(errors.Join(field, errors.Join(errors.New("plain")), fmt.Errorf("wrapped: %w", field)))
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(fieldError{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
