package main

import "testing"

func TestCanRedraw(t *testing.T) {
	for _, c := range []struct {
		environment map[string]string
		system      string
		want        bool
	}{
		{map[string]string{"TERM": "xterm-256color"}, "linux", true},
		{map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, "linux", true}, // there are no colours
		{map[string]string{"TERM": "xterm", "CI": "false"}, "linux", true},
		{map[string]string{"TERM": "xterm", "CI": ""}, "linux", true},
		{map[string]string{"TERM": "xterm", "CI": "true"}, "linux", false},
		{map[string]string{"TERM": "dumb"}, "linux", false},
		{map[string]string{"TERM": ""}, "linux", false},
		{nil, "linux", false},
		{nil, "windows", true},
		{map[string]string{"CI": "1"}, "windows", false},
	} {
		variable := func(name string) (string, bool) {
			value, ok := c.environment[name]
			return value, ok
		}
		if got := canRedraw(variable, c.system); got != c.want {
			t.Errorf("%v on %s: %v, want %v", c.environment, c.system, got, c.want)
		}
	}
}
