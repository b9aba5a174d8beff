package claim

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// Holder says who has claimed a folder.
type Holder struct {
	State     string    `json:"state"` // takes or holds
	Nonce     string    `json:"nonce"` // by which the claim differs from all others
	Host      string    `json:"host"`
	Boot      string    `json:"boot,omitempty"`      // of the machine's kernel; "": not known
	Namespace string    `json:"namespace,omitempty"` // in which PID is a number; "": not known
	PID       int       `json:"pid"`
	Begun     string    `json:"begun,omitempty"` // when the process was started, in the kernel's count; "": not known
	Locked    bool      `json:"locked"`          // its claim is locked while it lives
	Slurm     *Slurm    `json:"slurm,omitempty"` // nil: not in a job
	Since     time.Time `json:"since"`
}

// The states of a claim, texts of one length, so that one can be written over the other. One
// that takes may give way to another that does.
const (
	takes = "takes"
	holds = "holds"
)

// Slurm is the task of a scheduler that a process is.
type Slurm struct {
	Cluster string `json:"cluster,omitempty"`
	Job     string `json:"job"`            // of an array, the array's
	Task    string `json:"task,omitempty"` // of an array
	Restart int    `json:"restart"`        // times that the scheduler began it again
}

// thisProcess describes this one, with a new nonce.
func thisProcess() Holder {
	h := Holder{
		Nonce: nonce(), Boot: bootID(), Namespace: pidNamespace(), PID: os.Getpid(), Begun: begun(os.Getpid()),
		Slurm: slurmTask(), Since: time.Now().UTC().Truncate(time.Second),
	}
	h.Host, _ = os.Hostname() // "": for people only
	return h
}

// tokenLength is how many digits a nonce has.
const tokenLength = 16

// nonce returns random digits. They only have to differ between those who write into
// one folder at about the same time, and no result depends on them.
func nonce() string {
	b := make([]byte, tokenLength/2)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// slurmTask returns which task this process is. Jobs are known by the array, since the
// numbers of its tasks' own jobs are irregular.
func slurmTask() *Slurm {
	s := Slurm{Cluster: os.Getenv("SLURM_CLUSTER_NAME"), Job: os.Getenv("SLURM_ARRAY_JOB_ID"), Task: os.Getenv("SLURM_ARRAY_TASK_ID")}
	if s.Job == "" {
		s.Job, s.Task = os.Getenv("SLURM_JOB_ID"), ""
	}
	if s.Job == "" {
		return nil
	}
	s.Restart, _ = strconv.Atoi(os.Getenv("SLURM_RESTART_COUNT")) // not set before the first
	return &s
}

// replaces says whether the scheduler has begun a task again, and so given the other up.
func (s *Slurm) replaces(other *Slurm) bool {
	return s != nil && other != nil && s.Cluster == other.Cluster && s.Job == other.Job && s.Task == other.Task && s.Restart > other.Restart
}

func (h *Holder) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "process %d on %s", h.PID, h.Host)
	if s := h.Slurm; s != nil {
		task := s.Job
		if s.Task != "" {
			task += "_" + s.Task
		}
		fmt.Fprintf(&b, " (Slurm job %s, restart %d)", task, s.Restart)
	}
	fmt.Fprintf(&b, " since %s", h.Since.Local().Format(time.DateTime))
	return b.String()
}

func (f *found) String() string {
	if f.holder == nil {
		return fmt.Sprintf("somebody whose claim, %s, cannot be read", f.name)
	}
	return f.holder.String()
}
