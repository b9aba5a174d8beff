package launch

import (
	"context"
	"fmt"
	"os"
	"strconv"
)

// Requeue puts the task that this process is back into Slurm's queue, since its time is
// over, unless it was put back that many times before. What it says is for the task's log.
// An error is no more than that: whoever resumes the sweep finds what is missing.
func Requeue(ctx context.Context, most int) (said string) {
	task := slurmTask()
	if task == "" {
		return ""
	}
	if before, _ := strconv.Atoi(os.Getenv("SLURM_RESTART_COUNT")); before >= most {
		return fmt.Sprintf("task %s was begun again %d times and is not requeued any more (slurm.requeues); `ergon sweep resume` goes on with it", task, before)
	}
	if _, err := slurmCommand(ctx, "scontrol", "requeue", task); err != nil {
		return fmt.Sprintf("task %s could not be requeued: %v", task, err)
	}
	return fmt.Sprintf("task %s is requeued", task)
}
