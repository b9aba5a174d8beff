package sweep

import (
	"fmt"
	"strings"
)

// legend says what the numbers are.
func (r *Report) legend() string {
	var b strings.Builder
	if len(r.Seeds) == 1 {
		b.WriteString("One seed (n=1): there are no intervals, and no difference is known to be real.\n")
	} else {
		fmt.Fprintf(&b, "Means over %d seeds at %s, of runs that reached it, with 95 %% intervals (Student's t, on a logarithmic scale).\n", len(r.Seeds), r.crossingWords())
	}
	if r.Sustain > 0 {
		fmt.Fprintf(&b, "Goals, and the best of runs that missed them, are means of %d evaluations. Lines with %q are at the first evaluation that is at or above the goal by itself; there is none where the same runs reached it with presentations, M0 and M1 within the intervals.\n",
			r.Sustain, firstLabel)
	}
	fmt.Fprintf(&b, "M0: synapses changed. M1: amount of change. Saving: times less than %s on the same seed, the geometric mean over the seeds on which both reached the goal (n= where not all did).\n", r.Baseline)
	if r.GoalsOn == "validation" {
		b.WriteString("Goals, and the best of runs that missed them, are of training examples held out (data.validation); test: the test accuracy at that time.\n")
		if len(r.bench.Published) > 0 {
			b.WriteString("Published goals are of test sets.\n")
		}
	}
	b.WriteString("Front: no other rule and goal is as accurate for as little.\n")
	if r.accumulates() {
		b.WriteString(accumulatorLegend)
	}
	b.WriteString(r.limitKept())
	return b.String()
}

// crossingWords say at which evaluation a goal is reached.
func (r *Report) crossingWords() string {
	if r.Sustain == 0 {
		return "the first evaluation at or above the goal"
	}
	return fmt.Sprintf("the first evaluation at which the mean of the last %d is at or above the goal", r.Sustain)
}
