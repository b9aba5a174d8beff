package train

import (
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
	"ergon/masks/rules/accumulate"
)

// checkSigns refuses rules that flip the signs of weights where a layer begins with weights of 0: these
// have no sign, and would stay.
func (r *Run) checkSigns() error {
	flips := flipsSigns(&r.Config.Rule)
	if flips == "" {
		return nil
	}
	for l, layer := range r.Model.Layers() {
		if !layer.Fixed && !layer.Tied && isZero(layer.W) {
			return schema.Under(flips, schema.Fieldf("kind", "flips the signs of weights, and those of layer %d begin at 0: they would stay; take a model whose weights begin at random, or another rule", l+1))
		}
	}
	return nil
}

// flipsSigns returns the config key of the stage of a rule that moves weights by flipping their signs
// alone; "" if none does.
func flipsSigns(rule *masks.Rule) string {
	if _, ok := rule.Cache.(*accumulate.Metaplastic); ok {
		return "rule.cache"
	}
	if _, ok := rule.Optimizer.(*rules.Bop); ok {
		return "rule.optimizer"
	}
	return ""
}

func isZero(all []float32) bool {
	for _, x := range all {
		if x != 0 {
			return false
		}
	}
	return true
}
