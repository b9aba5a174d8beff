package mixture

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

func ruleOf(t testing.TB, settings ...string) *masks.Rule {
	t.Helper()
	r := struct {
		Rule masks.Rule `key:"rule"`
	}{rules.Default()}
	tree := map[string]any{}
	for _, s := range settings {
		if err := schema.Set(tree, &r, s); err != nil {
			t.Fatal(err)
		}
	}
	if err := schema.Decode(tree, &r, nil); err != nil {
		t.Fatal(err)
	}
	return &r.Rule
}

var scratchRules = map[string][]string{
	"sgd":       {"rule.optimizer.lr=.2"},
	"bernoulli": {"rule.optimizer.lr=.2", "rule.mask={kind: bernoulli, p: .5}"},
	"top":       {"rule.optimizer.lr=.5", "rule.mask={kind: competitive, p: [.1]}"},
	"manhattan": {"rule.optimizer={kind: manhattan, step: .05, threshold: .2}"},
	"mixed":     {"rule.optimizer.lr=.2", "rule.cache={kind: mixed_precision, epsilon: .2}"},
	"synaptic":  {"rule.optimizer.lr=.2", "rule.cache={kind: synaptic, theta: .2, tau: 20}"},
	"momentum":  {"rule.optimizer={kind: momentum, lr: .05, momentum: .8}"},
	"rounding":  {"rule.optimizer.lr=.2", "rule.cache={kind: stochastic_rounding, epsilon: .1}"},
	"value":     {"rule.optimizer.lr=.2", "rule.clip={kind: value, bound: [.05]}"},
	"norm":      {"rule.optimizer.lr=.2", "rule.clip={kind: norm, bound: .05}"},
}

func TestScratch(t *testing.T) {
	names := []string{"sgd", "bernoulli", "top", "manhattan", "mixed", "synaptic", "momentum", "rounding", "value", "norm"}
	if n := os.Getenv("RULES"); n != "" {
		names = []string{n}
	}
	paths, _ := strconv.Atoi(os.Getenv("PATHS"))
	if paths == 0 {
		paths = 20000
	}
	push, _ := strconv.ParseFloat(os.Getenv("PUSH"), 64)
	for _, name := range names {
		var m, c, m1, m0, r []float64
		start := time.Now()
		n := 4
		for seed := range uint64(n) {
			p := twoClusters(1, 1, 0.2)
			p.Rates = Constant(1, 20)
			p.Push = push
			p.Rule = ruleOf(t, scratchRules[name]...)
			tr, err := p.Solve(context.Background(), paths, seed)
			if err != nil {
				t.Fatal(err)
			}
			m, c, m1, m0 = append(m, tr.M[10]), append(c, tr.C[10]), append(m1, tr.M1Total()[10]), append(m0, tr.M0Total()[10])
			r = append(r, tr.Response[10][5])
		}
		s := func(x []float64) string {
			mean, d := stat.MeanStdDev(x, nil)
			return fmt.Sprintf("%.5f(%.2g%%)", mean, 100*d/mean)
		}
		fmt.Printf("%-10s %6.2fs m %s C %s M1 %s M0 %s R %s\n", name, time.Since(start).Seconds()/float64(n), s(m), s(c), s(m1), s(m0), s(r))
	}
}
