package claim

import "syscall"

// bootID returns a text that each start of the kernel has another one of.
func bootID() string {
	id, _ := syscall.Sysctl("kern.bootsessionuuid")
	return id
}

// pidNamespace and what needs it are not known here: the lock tells.
func pidNamespace() string  { return "" }
func begun(int) string      { return "" }
func runs(int, string) bool { return true }
