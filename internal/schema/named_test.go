package schema

import (
	"slices"
	"strings"
	"testing"
)

// memory has a number that can be given by name.
type memory struct {
	Step  float64   `key:"step" doc:"step" in:"[0,1)" names:"pcm=0.01,ecram_mo=2.8e-4"`
	Steps []float64 `key:"steps" names:"half=0.5"`
}

// A name is decoded to its number, whatever its case, and encoded as the number.
func TestNamesOfNumbers(t *testing.T) {
	for text, want := range map[string]float64{
		"step: pcm": 0.01, "step: PCM": 0.01, `step: "ecram_mo"`: 2.8e-4, "step: 0.3": 0.3,
	} {
		var d memory
		if err := Decode(tree(t, text), &d, nil); err != nil || d.Step != want {
			t.Errorf("%s: %v, %v; want %v", text, d.Step, err, want)
		}
	}
	var d memory
	if err := Decode(tree(t, "steps: [half, 2, half]"), &d, nil); err != nil || !slices.Equal(d.Steps, []float64{0.5, 2, 0.5}) {
		t.Errorf("a list of names is %v, %v", d.Steps, err)
	}
	text, err := Encode(memory{Step: 0.01}, true)
	if want := "step: 0.01 # step; by name, pcm is 0.01, ecram_mo is 2.8e-4; in [0,1)\n"; err != nil || !strings.HasPrefix(string(text), want) {
		t.Errorf("encoded as %s, %v; want %s", text, err, want)
	}
}

// What is no name says which one is near, or which there are.
func TestNamesOfNumbersRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"step: pmc":      `step: want a number, got the string "pmc"; did you mean "pcm"?`,
		"step: flash":    `step: want a number, got the string "flash"; or one of pcm, ecram_mo`,
		"step: [pcm]":    `step: want a number, got a list`,
		"step: true":     `step: want a number, got true`,
		"steps: [third]": `steps[0]: want a number, got the string "third"; or one of half`,
		"step: 2":        `step: 2 is outside [0,1)`,
	} {
		var d memory
		if err := Decode(tree(t, text), &d, nil); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// Malformed names are the programmer's mistake.
func TestMalformedNamesPanic(t *testing.T) {
	for name, make := range map[string]func() any{
		"no number": func() any {
			return struct {
				A float64 `key:"a" names:"x"`
			}{}
		},
		"no name": func() any {
			return struct {
				A float64 `key:"a" names:"=1"`
			}{}
		},
		"a number": func() any {
			return struct {
				A float64 `key:"a" names:"inf=1"`
			}{}
		},
		"not a float": func() any {
			return struct {
				A int `key:"a" names:"x=1"`
			}{}
		},
		"outside": func() any {
			return struct {
				A float64 `key:"a" in:"[0,1]" names:"x=2"`
			}{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if p := recover(); p != panicNames {
					t.Errorf("panic %v, want %s", p, panicNames)
				}
			}()
			Settings(make())
		})
	}
}
