//go:build unix && !slow

package main

// Some kinds are killed in each run of the tests, all of them in the slow ones.
const (
	everyKillOf = false
	rounds      = 1
)

// takeovers are runs that are taken over, callRounds times that many calls want one run.
const takeovers, callRounds = 6, 2
