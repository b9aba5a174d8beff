//go:build unix && slow

package main

const everyKillOf = true
