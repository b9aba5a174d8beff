//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// hostileDocuments are configs, benchmarks, theory documents and price tables.
func hostileDocuments() (all []hostile) {
	laughs := "a: &a [x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%c, *%c]\n", c, c, c-1, c-1)
	}
	config := func(input, text string) {
		all = append(all, hostile{"config: " + input, func(t *testing.T, dir string) { write(t, []byte(text), dir, "c.yaml") }, "configs c.yaml"})
	}
	config("nothing", "")
	config("aliases of aliases, 2^26 in all", laughs)
	config("an anchor within itself", "name: &a [*a]")
	config("a tag of Python", "name: !!python/object/apply:os.system [touch x]")
	config("a tag of binary", "name: !!binary gIGC")
	config("a merge key", "<<: {name: x}")
	config("a key twice", "seed: 1\nname: x\nseed: 2\n")
	config("a key twice, in capitals", "seed: 1\nSEED: 2\n")
	config("two documents", "name: x\n---\nname: y\n")
	config("10⁵ lists in lists", strings.Repeat("[", 100_000))
	config("30000 lists in lists", strings.Repeat("[", 30_000))
	config("10⁵ lists of lines in lists", strings.Repeat("- ", 60_000)+"1")
	config("half a million numbers", "name: ["+strings.Repeat("1,", 500_000)+"]")
	config("60000 numbers", "name: ["+strings.Repeat("1,", 60_000)+"]")
	config("20000 keys", func() (text string) {
		for i := range 20_000 {
			text += fmt.Sprintf("k%d: 1\n", i)
		}
		return text
	}())
	config("2 MiB", "#"+strings.Repeat("x", 2<<20))
	config("a number of 10⁵ digits", "seed: "+strings.Repeat("9", 100_000))
	config("2^64", "seed: 18446744073709551616")
	config("1e999", "rule: {optimizer: {lr: 1e999}}")
	config("NaN", "rule: {optimizer: {lr: .nan}}")
	config("a layer of 2^40 units", "model: {hidden: [1099511627776]}")
	config("a zero byte", "name: a\x00b")
	config("an escape of a terminal", "name: \"\\e[2J\"")
	config("no UTF-8", "name: \xff\xfe\xfd")
	config("broken UTF-16", "\xff\xfen\x00a")
	config("begins from itself", "base: c.yaml")
	config("begins from a device", "base: /dev/zero")
	config("begins from a password file", "base: /etc/passwd")
	all = append(all, inPlace("config", "configs c.yaml", func(_ *testing.T, dir string) string { return filepath.Join(dir, "c.yaml") })...)

	benchmark := func(input, text string) {
		all = append(all, hostile{"benchmark: " + input, func(t *testing.T, dir string) { write(t, []byte(text), dir, "b.yaml") }, "bench b.yaml --out out -q"})
	}
	const rules = "base: mixture\nrules: [{label: a, set: {seed: 1}}]\ngoals: [0.9]\nbudget: 10\n"
	benchmark("aliases of aliases, 2^26 in all", laughs)
	benchmark("a tag", "name: !!python/name:os.system x")
	benchmark("2^60 seeds", rules+"seeds: 1152921504606846976")
	benchmark("a grid of 10^9", rules+"grid: {"+strings.Join([]string{axis("lr"), axis("rule.optimizer.lr"), axis("train.batch")}, ", ")+"}")
	benchmark("a label of control characters", "base: mixture\nrules: [{label: \"\\e[2J\"}]\ngoals: [0.9]\n")
	benchmark("a name that is a path", "name: ../../x\n"+rules)
	all = append(all, inPlace("benchmark", "bench b.yaml --out out -q", func(_ *testing.T, dir string) string { return filepath.Join(dir, "b.yaml") })...)

	theories := func(input, text string) {
		all = append(all, hostile{"theory document: " + input, func(t *testing.T, dir string) { write(t, []byte(text), dir, "t.yaml") }, "theory t.yaml"})
	}
	theories("nothing", "")
	theories("no YAML", "compute: [{theory: sphere}")
	theories("aliases of aliases, 2^26 in all", laughs)
	theories("a tag", "compute: [!!python/name:os.system {theory: sphere}]")
	theories("10 MB", "#"+strings.Repeat("x", 10_000_000))
	theories("20000 predictions", "compute: ["+strings.Repeat("{theory: hebb}, ", 20_000)+"]")
	theories("a benchmark", rules)
	theories("a config", "base: mnist\nseed: 3\n")
	theories("a theory that does not exist", "compute:\n  - {theory: hebb}\n  - {theory: shpere}\n")
	theories("2^60 simulations", "compute: [{theory: hebb, set: {simulate: 1152921504606846976}}]")
	theories("a rate of NaN", "compute:\n  - theory: sphere\n    set:\n      eta: .nan\n")
	theories("a run of a device", "compute: [{theory: bounds, set: {run: /dev/zero}}]")
	all = append(all, inPlace("theory document", "theory t.yaml", func(_ *testing.T, dir string) string { return filepath.Join(dir, "t.yaml") })...)

	price := func(input, text string) {
		all = append(all, hostile{"price table: " + input, func(t *testing.T, dir string) { write(t, []byte(text), dir, "p.yaml") }, "prices ./p.yaml"})
	}
	price("aliases of aliases, 2^26 in all", laughs)
	price("below 0", "mac: -1")
	price("infinite", "mac: .inf")
	price("of no event", "mca: 1")
	price("charged twice", "mac: 1\ncharges: {forward: [mac, mac]}")
	return append(all, inPlace("price table", "prices ./p.yaml", func(_ *testing.T, dir string) string { return filepath.Join(dir, "p.yaml") })...)
}

// axis is a grid over 1000 values.
func axis(key string) string {
	var values []string
	for i := range 1000 {
		values = append(values, fmt.Sprint(i+1))
	}
	return key + ": [" + strings.Join(values, ", ") + "]"
}
