package main

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// document reads a file as JSON, or as a list of JSON lines, and strictly. Numbers
// stay the text they are, so that 64 bits of a counter are compared whole.
func document(ts *testscript.TestScript, file string) (value any) {
	text := ts.ReadFile(file)
	lines := filepath.Ext(file) == ".jsonl"
	n := 1
	if lines {
		n = strings.Count(text, "\n")
	}
	if err := strictJSON([]byte(text), n); err != nil {
		ts.Fatalf("%s: %v", file, err)
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if !lines {
		ts.Check(d.Decode(&value))
		return value
	}
	list := make([]any, n)
	for i := range list {
		ts.Check(d.Decode(&list[i]))
	}
	return list
}

// at returns the value at a path in a file.
func at(ts *testscript.TestScript, file, path string) any {
	value := document(ts, file)
	if path == "." {
		return value
	}
	for _, step := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			child, ok := v[step]
			if !ok {
				ts.Fatalf("%s has no %s: no key %q", file, path, step)
			}
			value = child
		case []any:
			i, err := strconv.Atoi(step)
			if i < 0 {
				i += len(v)
			}
			if err != nil || i < 0 || i >= len(v) {
				ts.Fatalf("%s has no %s: no element %s of %d", file, path, step, len(v))
			}
			value = v[i]
		default:
			ts.Fatalf("%s has no %s: %v has no parts", file, path, v)
		}
	}
	return value
}

func jsonHas(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 3, "jsonhas FILE PATH KEY …")
	object, ok := at(ts, args[0], args[1]).(map[string]any)
	if !ok {
		ts.Fatalf("%s: %s is no object", args[0], args[1])
	}
	for _, key := range args[2:] {
		if _, ok := object[key]; !ok {
			ts.Fatalf("%s: %s has no key %q", args[0], args[1], key)
		}
	}
}

func jsonGet(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, false, args, 3, "[!] jsonget FILE PATH VALUE")
	var want any
	d := json.NewDecoder(strings.NewReader(args[2]))
	d.UseNumber()
	ts.Check(d.Decode(&want))
	if diff := cmp.Diff(want, at(ts, args[0], args[1])); (diff == "") == negated {
		ts.Fatalf("%s: %s (-want +got):\n%s", args[0], args[1], diff)
	}
}

func jsonLength(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 3, "jsonlen FILE PATH N")
	list, ok := at(ts, args[0], args[1]).([]any)
	if !ok {
		ts.Fatalf("%s: %s is no list", args[0], args[1])
	}
	if got := strconv.Itoa(len(list)); got != args[2] {
		ts.Fatalf("%s: %s has %s elements, want %s", args[0], args[1], got, args[2])
	}
}

func jsonSame(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 3, "jsonsame FILE FILE PATH …")
	for _, path := range args[2:] {
		first, second, differ := strings.Cut(path, "=")
		if !differ {
			second = first
		}
		if diff := cmp.Diff(at(ts, args[0], first), at(ts, args[1], second)); diff != "" {
			ts.Fatalf("%s (-%s +%s):\n%s", path, args[0], args[1], diff)
		}
	}
}

// The account of a step: counts and sums of reals.
var (
	counters = []string{
		"m0", "m0_stored", "active_units", "active_units_output", "macs_forward", "macs_backward", "macs_effective",
		"weight_reads", "weight_writes",
	}
	reals = []string{"m1", "activity_l1", "activity_l1_output"}
)

// adds adds the steps up in their order: counts as integers and reals as
// float64, in which the program promises the sum to the last bit.
func adds(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 2, "adds STEPS SUMMARY")
	steps := at(ts, args[0], ".").([]any)
	number := func(object any, key string) json.Number {
		n, ok := object.(map[string]any)[key].(json.Number)
		if !ok {
			ts.Fatalf("%q is no number in %v", key, object)
		}
		return n
	}
	total := func(key string) (sum int64) {
		for _, s := range steps {
			n, err := number(s, key).Int64()
			ts.Check(err)
			sum += n
		}
		return sum
	}
	check := func(object any, key string, got int64) {
		if want, err := number(object, key).Int64(); err != nil || got != want {
			ts.Fatalf("%s: the steps add up to %d, the summary has %v (%v)", key, got, want, err)
		}
	}
	summary, energy := at(ts, args[1], "."), at(ts, args[1], "energy")
	check(summary, "steps", int64(len(steps)))
	check(summary, "samples", total("samples"))
	for _, key := range counters {
		check(energy, key, total(key))
	}
	for _, key := range reals {
		sum := 0.0
		for _, s := range steps {
			x, err := number(s, key).Float64()
			ts.Check(err)
			sum += x
		}
		if want, err := number(energy, key).Float64(); err != nil || sum != want {
			ts.Fatalf("%s: the steps add up to %v, the summary has %v (%v)", key, sum, want, err)
		}
	}
}
