package launch

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"ergon/configs"
	"ergon/train"
	"ergon/train/rundir"
)

// throughput is a benchmark of runs of MNIST of half a second.
const throughput = `base: mnist
set: {train.batch: 20, data.train: 10000, data.test: 1000}
rules: [{label: full}]
seeds: %d
goals: 1
budget: 8000
figures: false
`

// What a local sweep makes per second, as a share of what its cores make of the same runs
// when nothing hands them out: each core trains one after the other in a directory of its
// own (of_loops), and cores times what one core does while the others have nothing to do
// (of_cores), which a machine whose cores share a cache, or are two threads of one, does
// not reach by any means.
func BenchmarkThroughput(b *testing.B) {
	cores := runtime.GOMAXPROCS(0)
	seeds := 8 * cores
	bench := parse(b, fmt.Sprintf(throughput, seeds))
	var alone, loops, swept float64 // runs per second
	for i := range b.N {
		s, err := Create(filepath.Join(b.TempDir(), "out"), bench, nil, false, nil)
		if err != nil {
			b.Fatal(err)
		}
		var all []*configs.Config
		for _, c := range s.cells {
			all = append(all, c.Config)
		}
		measure := func(runs int, run func()) float64 {
			begun := time.Now()
			run()
			return float64(runs) / time.Since(begun).Seconds()
		}
		loop := func(of []*configs.Config, at string) {
			for k, c := range of {
				oneRun(b, c, filepath.Join(b.TempDir(), fmt.Sprint(at, i, k)))
			}
		}
		if i == 0 { // the data are read once
			loop(all[:1], "first")
		}
		alone += measure(seeds/cores, func() { loop(all[:seeds/cores], "alone") })
		loops += measure(seeds, func() {
			var working sync.WaitGroup
			for core := range cores {
				working.Go(func() { loop(all[core*seeds/cores:][:seeds/cores], fmt.Sprint("core", core)) })
			}
			working.Wait()
		})
		swept += measure(seeds, func() {
			if r, err := s.Resume(context.Background(), "local", Options{}); err != nil || r.Ran.Done != seeds {
				b.Error(err, r.Ran)
			}
		})
	}
	b.ReportMetric(swept/float64(b.N), "runs/s")
	b.ReportMetric(swept/loops, "of_loops")
	b.ReportMetric(swept/alone/float64(cores), "of_cores")
}

// oneRun trains in a directory, as a cell of a sweep does.
func oneRun(b *testing.B, c *configs.Config, path string) {
	d, err := rundir.Open(path, false)
	if err != nil {
		b.Error(err)
		return
	}
	defer d.Close()
	r, err := train.New(c)
	if err != nil {
		b.Error(err)
		return
	}
	defer r.Close()
	if _, err := r.Train(context.Background(), train.NewRecorder(d)); err != nil {
		b.Error(err)
	}
}
