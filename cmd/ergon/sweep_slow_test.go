//go:build slow && unix

package main

import (
	"testing"
	"time"
)

func TestManyKilledControllers(t *testing.T) { killControllers(t, 1000, 60, 4*time.Second) }
