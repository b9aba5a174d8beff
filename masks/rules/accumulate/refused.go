package accumulate

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// notProjected refuses a projection: it would write every weight in every step.
func notProjected(r *masks.Rule, kind string) error {
	if r.Project != nil && r.Project.Target() != nil {
		return schema.Fieldf("rule.project", "writes every weight in each step, and rule.cache %s is to save writes; set rule.project=none", kind)
	}
	return nil
}
