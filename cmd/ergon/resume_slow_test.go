//go:build unix && slow

package main

const everyKillOf = true

const takeovers, callRounds = 60, 5
