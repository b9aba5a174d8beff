//go:build !linux && !darwin

package claim

// What tells a dead process at once is not known here: its claim counts as dead after some time.
func bootID() string        { return "" }
func pidNamespace() string  { return "" }
func begun(int) string      { return "" }
func runs(int, string) bool { return true }
