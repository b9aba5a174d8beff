package launch

import (
	"context"
	"runtime"

	"ergon/sweep"
)

// local runs cells in this process, as `ergon bench` does: one thread a cell, as many cells
// as cores. If the process is killed, what is finished is on disk.
type local struct{ Options }

var _ Launcher = local{}

// localTask is the one task of a submission.
const localTask = "this machine"

// Submit implements Launcher. It returns when the cells are done.
func (l local) Submit(ctx context.Context, s *Sweep, packs Ranges) (Handed, error) {
	b := s.newSubmission("local", packs, l.Jobs)
	if b.Jobs == 0 {
		b.Jobs = runtime.GOMAXPROCS(0)
	}
	handed := Handed{On: b.On, Jobs: []Submission{b}}
	if l.DryRun {
		return handed, nil
	}
	if err := s.record(b); err != nil {
		return handed, err
	}
	var cells []sweep.Cell
	for _, i := range packs {
		cells = append(cells, s.packed(i)...)
	}
	ran, err := s.workOn(ctx, cells, l.Jobs, l.Watch)
	handed.Ran = &ran
	return handed, err
}

// Tasks implements Launcher.
func (l local) Tasks(_ context.Context, s *Sweep, b *Submission) (map[int]Task, error) {
	all, err := s.submissions()
	if err != nil {
		return nil, err
	}
	packs, err := b.packs(s)
	if err != nil {
		return nil, err
	}
	// Only the last one holds the sweep.
	if last := &all[len(all)-1]; !last.Time.Equal(b.Time) || !s.held() {
		return nil, nil
	}
	tasks := map[int]Task{}
	for _, i := range packs {
		tasks[i] = Task{ID: localTask, State: TaskRunning, Jobs: b.Jobs}
	}
	return tasks, nil
}
