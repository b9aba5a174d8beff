//go:build unix && slow

package main

// Each kind is killed over and over.
const (
	everyKillOf = true
	rounds      = 2
)

const takeovers, callRounds = 60, 5
