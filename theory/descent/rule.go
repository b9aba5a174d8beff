package descent

import (
	"strings"

	"ergon/configs"
	"ergon/graph"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/train/rundir"
)

// Rule is a learning rule that is tried on a run's gradients.
type Rule struct {
	Label string
	rule  masks.Rule
}

// Plain is the rule that all others are compared with.
func (r *Run) Plain() Rule { return Rule{"plain", r.plain} }

// Rule returns the plain rule with other stages: settings of a run's config, such as
// "rule.mask={kind: competitive, p: 0.01}" or, in short, "gate=lazy".
func (r *Run) Rule(label string, settings []string) (Rule, error) {
	all := plainStages()
	for _, s := range settings {
		if s = strings.TrimSpace(s); !strings.HasPrefix(s, "rule.") {
			s = "rule." + s
		}
		all = append(all, s)
	}
	config, err := configs.Load(rundir.Directory(r.directory).Path(rundir.ConfigFile), all)
	if err != nil {
		return Rule{}, err
	}
	if err := r.checkRule(&config.Rule); err != nil {
		return Rule{}, err
	}
	rule := Rule{label, config.Rule}
	_, err = rule.updater(r.net, 0) // that it does not fit the network is seen now
	return rule, err
}

// plainStages are the settings that make a config's rule plain, whatever it was.
func plainStages() []string {
	return []string{"rule.gate=none", "rule.error=full", "rule.mask=full", "rule.clip=none", "rule.cache=none"}
}

// Same says whether two rules are the same, whatever their labels.
func (a Rule) Same(b Rule) bool { return schemaText(&a.rule) == schemaText(&b.rule) }

// Follows says whether the rule has a memory of former gradients, and so has to follow the run.
func (a Rule) Follows() bool {
	_, none := a.rule.Cache.(masks.NoCache)
	return !none
}

func (a Rule) updater(net masks.Network, seed uint64) (*cpu.Updater, error) {
	return cpu.NewUpdater(a.rule, net, seed, nil)
}

// backward returns what the rule changes of the backward pass.
func (a Rule) backward() (b graph.Backward) {
	if !a.rule.Gate.Always() {
		b.Gate = a.rule.Gate
	}
	if !a.rule.Error.KeepsAll() {
		b.Filter = a.rule.Error
	}
	return b
}
