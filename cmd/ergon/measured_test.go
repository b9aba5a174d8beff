package main

import (
	"crypto/rand"
	"os"
	"strings"
)

// peakFile is the variable that names a file for the most memory that a call has used.
const peakFile = "ERGON_TEST_PEAK"

// measured is main, and leaves what the system says of its memory: "123 kB". (That a parent
// may ask the system for counts its own memory, too, which the child had when it was forked.)
func measured() {
	code := run()
	status, err := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	peak, _, _ = strings.Cut(strings.TrimSpace(peak), "\n")
	if err == nil {
		err = os.WriteFile(os.Getenv(peakFile), []byte(peak), 0o600)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(code)
}

// known is the program with a token that is known before: files that are not whole have it in
// their names.
func known() {
	rand.Reader = zeros{}
	main()
}

// knownToken is in the names of what that program has not written whole.
const knownToken = ".0000000000000000"

// zeros is a source of random numbers that are all 0.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
