package datasets

import "ergon/internal/schema"

// Split is the setting that every data set has: how many training examples are never
// presented in training. They are the last of those in use, and are prepared as test
// examples are. What is chosen (when to stop, which rule) can be chosen by them, and the
// test set is left for the report.
type Split struct {
	Validation int `key:"validation" doc:"training examples held out, the last of those in use, for goals, stop_at and searches to look at; 0: none, they look at the test set" in:"[0,inf)" identity:"nonzero"`
}

// HeldOut implements Spec.
func (s Split) HeldOut() int { return s.Validation }

// remaining returns how many of n training examples are left to learn from.
func (s Split) remaining(n int) (int, error) {
	if s.Validation < 0 || s.Validation >= n {
		return 0, schema.Fieldf("validation", "%d examples held out of %d leave none to learn from", s.Validation, n)
	}
	return n - s.Validation, nil
}
