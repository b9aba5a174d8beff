//go:build unix && slow

package main

// everyKillOf: see the other file.
const everyKillOf = true
