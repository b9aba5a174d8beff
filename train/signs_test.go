package train

import (
	"errors"
	"testing"

	"ergon/internal/schema"
)

// Rules that flip signs need signs: weights of 0 would stay, and nothing be learned.
func TestNoSignsToFlip(t *testing.T) {
	for rule, path := range map[string]string{"rule.optimizer=bop": "rule.optimizer.kind", "rule.cache=metaplastic": "rule.cache.kind"} {
		_, err := New(load(t, tiny, "model.init=zero", rule))
		if refused := (*schema.Error)(nil); !errors.As(err, &refused) || refused.Path != path {
			t.Errorf("%s: error %v", rule, err)
		}
		begin(t, load(t, tiny, rule))
	}
}
