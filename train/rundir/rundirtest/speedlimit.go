// Package rundirtest holds what must be true of the summary of every run that a test makes.
package rundirtest

import (
	"errors"
	"fmt"

	"ergon/train/rundir"
)

// rounding is by how much the efficiency of speed may be above 1: weights are float32.
const rounding = 1e-5

// KeepsSpeedLimit says what is wrong if a run moved its weights with less work than the
// speed limit asks for, W·Σ η ≥ |w_n - w_0|², or does not say why that is not known. The
// tests' runs are checked by it wherever they are made: in package train by begin, in
// sweep by ran, and in the program by the transcripts, each summary.json that they leave.
func KeepsSpeedLimit(s *rundir.Rungs) error {
	switch e := s.SpeedEfficiency; {
	case e == nil && s.NoSpeedEfficiency == "":
		return errors.New("no efficiency of speed, and no reason")
	case e != nil && !(*e >= 0 && *e <= 1+rounding):
		return fmt.Errorf("the efficiency of speed is %v, want 0 to 1", *e)
	}
	return nil
}
