package train

import (
	"strings"
	"testing"
)

// The summary counts each step of a layer once, by what it had of the gradient in memory, and says why that was all of it.
func TestSummarySaysHowWeightsWereLearned(t *testing.T) {
	// Before the first step is learned, the noise of its gradient is measured.
	for _, c := range []struct {
		settings, because     string
		factors, part, blocks bool
	}{
		{settings: "train.batch=1 rule.mask=full", factors: true},
		{settings: "rule.mask=full", blocks: true, because: ""},
		{settings: "rule.mask={kind:␣neurons,p:␣0.2}", part: true},
		{settings: "rule.mask=bernoulli", because: "rule.mask"},
		{settings: "rule.mask=full rule.synapse=stochastic", because: "rule.synapse"},
	} {
		var settings []string
		for _, s := range strings.Fields(c.settings) {
			settings = append(settings, strings.ReplaceAll(s, "␣", " "))
		}
		s, _ := record(t, load(t, tiny, append([]string{"train.batch=4", "train.max_steps=12"}, settings...)...))
		for _, l := range s.LearnedBy {
			if l.Factors+l.Part+l.Blocks+l.Written != 12 || c.factors && l.Factors != 12 || c.part && l.Part == 0 || c.blocks && l.Blocks != 11 ||
				c.because != "" && l.Written != 12 || !strings.HasPrefix(l.Because, c.because) {
				t.Errorf("%s: %+v", c.settings, l)
			}
		}
		if len(s.LearnedBy) != 3 {
			t.Errorf("%s: %d layers, want 3", c.settings, len(s.LearnedBy))
		}
	}
}
