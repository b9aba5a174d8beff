package meter

import (
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeCard draws 500 W and counts every 100 ms.
type fakeCard struct {
	name    string
	start   time.Time
	process int
	err     error
}

var _ card = fakeCard{}

// Name implements card.
func (c fakeCard) Name() (string, error) { return c.name, nil }

// Millijoules implements card.
func (c fakeCard) Millijoules() (uint64, error) {
	return 1<<40 + uint64(time.Since(c.start).Truncate(nvmlInterval).Seconds()*500e3), c.err
}

// Computes implements card.
func (c fakeCard) Computes(process int) (bool, error) { return c.process == process, c.err }

func TestNVMLMeasures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counters, _, err := openNVML([]card{fakeCard{name: "NVIDIA H200", start: time.Now()}}, "NVIDIA H200")
		if err != nil {
			t.Fatal(err)
		}
		w := (&Meter{Counters: counters}).Window()
		time.Sleep(1234567 * time.Microsecond)
		w.Resume()
		time.Sleep(3 * time.Hour) // no wrap, however long
		r, err := w.Reading()
		if err != nil {
			t.Fatal(err)
		}
		near(t, "energy", *r.Parts.GPU, 500*3*3600, r.Error)
		near(t, "error", r.Error, 50, 0.01) // 500 W for 100 ms
	})
}

// A run's GPU is told by its name and, where several have that, by who computes
// on it. A card that may be another's is not measured.
func TestNVMLChooses(t *testing.T) {
	me := os.Getpid()
	a, h, mine := fakeCard{name: "NVIDIA A100"}, fakeCard{name: "NVIDIA H200"}, fakeCard{name: "NVIDIA H200", process: me}
	for name, c := range map[string]struct {
		cards []card
		gpu   string
		want  []string // nil: none
		says  string
	}{
		"by name":    {[]card{a, h}, "NVIDIA H200", []string{"gpu NVIDIA H200"}, ""},
		"by process": {[]card{a, h, mine, h}, "NVIDIA H200", []string{"gpu NVIDIA H200"}, ""},
		"survey":     {[]card{a, h}, anyGPU, []string{"gpu NVIDIA A100", "gpu NVIDIA H200"}, ""},
		"not told":   {[]card{h, h}, "NVIDIA H200", nil, "cannot tell which of 2 cards is the NVIDIA H200 that computes"},
		"another":    {[]card{a}, "emulator", nil, "cannot tell which"},
		"old":        {[]card{fakeCard{name: "K80", err: errors.New("Not Supported")}}, "K80", nil, "K80 counts no energy: Not Supported"},
	} {
		counters, _, err := openNVML(c.cards, c.gpu)
		if diff := cmp.Diff(c.want, seen(counters)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if c.says != "" {
			says(t, err, "nvml: ", c.says)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
