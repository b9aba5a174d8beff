package claim

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// bootID returns a text that each start of the kernel has another one of, containers the same.
func bootID() string {
	text, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text))
}

// pidNamespace returns in which numbering of processes this one is.
func pidNamespace() string {
	name, _ := os.Readlink("/proc/self/ns/pid")
	return name
}

// begun returns when a process was started, in ticks since the boot; "": it is not known.
func begun(pid int) string {
	start, _ := stat(pid)
	return start
}

// runs says whether the process that was started then is there.
func runs(pid int, when string) bool {
	if pid < 1 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	start, ended := stat(pid)
	return !ended && (start == when || start == "") // those of other users may be hidden
}

// stat returns when a process was started, and whether it has ended and is a zombie.
func stat(pid int) (start string, ended bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", false
	}
	// After the name in parentheses, which may hold anything, come the fields from the third on.
	const state, started = 3, 22
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) <= started-state {
		return "", false
	}
	return fields[started-state], fields[0] == "Z"
}
