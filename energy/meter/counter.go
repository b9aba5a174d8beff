package meter

import (
	"fmt"
	"time"
)

// Part is the part of a machine that a counter measures.
type Part string

// The parts. None of them contains another.
const (
	Package Part = "package" // a processor: cores, caches, integrated graphics
	DRAM    Part = "dram"    // memory
	GPU     Part = "gpu"     // a graphics card, its memory included
)

// Counter is a running total, kept by hardware, of the energy that a part of
// the machine has drawn.
type Counter struct {
	Kind string // of meter: rapl or nvml
	Name string // of this counter, such as package-0
	Part Part

	Unit     float64       // J per count
	Step     float64       // J by which the count grows at least
	Range    uint64        // largest count, after which it starts again from 0; 0: it never does
	Interval time.Duration // from one update of the count to the next
	Limit    float64       // W, more than the part can draw

	Read func() (uint64, error) // the count
}

// patience is how long the counter may go unread: half the time in which it
// runs through its range at the limit, so that it is read at least twice in
// that. 0: for ever.
func (c *Counter) patience() time.Duration { return c.lap() / 2 }

// lap is the shortest time in which the counter can run through its range.
func (c *Counter) lap() time.Duration {
	return time.Duration(float64(c.Range) * c.Unit / c.Limit * float64(time.Second))
}

// difference returns the counts from one reading to one made later. Where the
// part would have had to draw more than it can, the counter did not just count.
//
// A range is given without its last step, so that a wrap loses one step.
func (c *Counter) difference(before, after uint64, elapsed time.Duration) (uint64, error) {
	if lap := c.lap(); lap > 0 && elapsed > lap {
		return 0, fmt.Errorf("%s was not read for %.0f s, in which it can start again from 0 more than once", c, elapsed.Seconds())
	}
	counts := after - before
	if after < before {
		if before > c.Range {
			return 0, c.reset(before, after)
		}
		counts = c.Range - before + after
	}
	if float64(counts)*c.Unit > c.Limit*(elapsed+c.Interval).Seconds() {
		return 0, c.reset(before, after)
	}
	return counts, nil
}

func (c *Counter) reset(before, after uint64) error {
	return fmt.Errorf("%s went from %d to %d, which cannot be energy: it was set back, or jumped", c, before, after)
}

// String names the counter as messages do.
func (c *Counter) String() string { return c.Kind + ": " + c.Name }
