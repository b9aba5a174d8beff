package descent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runOf writes the directory of a run that has ended, with overrides of the config's lines.
func runOf(t *testing.T, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/pathintegral/config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := strings.NewReplacer(append(replace, "mask: [{kind: bernoulli, p: 0.3}]", "mask: full")...).Replace(string(text))
	directory := t.TempDir()
	for name, content := range map[string]string{"config.yaml": config, "summary.json": `{"steps": 60}`} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

const (
	optimizer = "optimizer: {kind: sgd, lr: 0.05}"
	mlp       = `model: {kind: mlp, hidden: [16], activation: {kind: tanh}, loss: {kind: mse}, bias: "true"}`
)

// Runs whose gradients say nothing of the law are refused by the setting.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"mask: [{kind: bernoulli, p: 0.3}]", "mask: [{kind: bernoulli, p: 0.3}]", "rule.mask: is not that of the plain rule"},
		{optimizer, optimizer + "\n  gate: lazy", "rule.gate: is not that of the plain rule"},
		{optimizer, optimizer + "\n  cache: {kind: mixed_precision, epsilon: 0.1}", "rule.cache: is not"},
		{optimizer, optimizer + "\n  clip: {kind: value, bound: 0.1}", "rule.clip: is not"},
		{optimizer, "optimizer: {kind: adam}", "rule.optimizer.kind: adam"},
		{optimizer, "optimizer: {kind: sgd, lr: 0.05, half: 100}", "rule.optimizer.half: 100"},
		{optimizer, "optimizer: {kind: sgd, lr: 0.05, schedule: {kind: error}}", "rule.optimizer.schedule: error"},
		{optimizer, "optimizer: {kind: sgd, lr: 0}", "rule.optimizer.lr: 0"},
		{mlp, "model: {kind: rbm, visible: gaussian}", "Boltzmann machine"},
		{mlp, "model: {kind: quasistatic, hidden: [16]}", "quasi-static"},
		{mlp, `model: {kind: mlp, hidden: [16], normalization: batch, bias: "false"}`, "normal"},
	} {
		directory := runOf(t, c.old, c.new)
		r, err := Open(directory, false)
		if err == nil {
			r.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.new, err, c.want)
		}
	}
	if _, err := Open(t.TempDir(), false); err == nil {
		t.Error("an empty directory is taken for a run")
	}
	r, err := Open(runOf(t, optimizer, optimizer+"\n  gate: lazy"), true)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}

// Rules that cannot be compared step by step are refused by the setting, as are wrong ones.
func TestRuleRefused(t *testing.T) {
	r := opened(t, runOf(t))
	for settings, want := range map[string]string{
		"optimizer={kind: sgd, lr: 0.1}":     "rule.optimizer: is not the run's",
		"synapse={kind: homogeneous}":        "synapse",
		"mask={kind: competitve}":            "competitive",
		"mask={kind: subnet, k: [99]}":       "rule.mask[0]",
		"masks=full":                         "mask",
		"mask={kind: competitive, p: [2,1]}": "p",
	} {
		if _, err := r.Rule("x", []string{settings}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", settings, err, want)
		}
	}
	a, b := ruleOf(t, r, "rule.gate=lazy"), ruleOf(t, r, "gate={kind: lazy, threshold: 0}")
	if !a.Same(b) || a.Same(r.Plain()) || a.Follows() {
		t.Error("equal rules differ, or different ones are the same")
	}
}
