package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"ergon/internal/schema"
	"ergon/masks"
)

// stage is a stage of a rule with the kinds it accepts.
type stage struct {
	Name  string        `json:"stage"`
	Key   string        `json:"key"`
	Kinds []schema.Kind `json:"kinds"`
}

// stages lists the stages in the order of their work.
func stages() []stage {
	return []stage{
		{"gate", "rule.gate", masks.Gates.Kinds()},
		{"error", "rule.error", masks.Errors.Kinds()},
		{"mask", "rule.mask", masks.Masks.Kinds()},
		{"clip", "rule.clip", masks.Clips.Kinds()},
		{"optimizer", "rule.optimizer", masks.Optimizers.Kinds()},
		{"schedule", "rule.optimizer.schedule", masks.Schedules.Kinds()},
		{"cache", "rule.cache", masks.Caches.Kinds()},
		{"synapse", "rule.synapse", masks.SynapseKinds.Kinds()},
	}
}

func newRules() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "rules",
		Short: "list the learning rules: what each does, its parameters, its source",
		Long: `Lists the kinds that each stage of a rule accepts. Stages are composed freely:
ΔJ = clip(-η M ⊙ ∂L/∂J), with any number of masks, which intersect. Below the kinds
of a stage stands what one must know of some of them to compute their numbers anew.`,
		Example: `  ergon rules
  ergon train mnist rule.mask=bernoulli rule.mask[0].p=0.1 rule.clip=value`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				return printJSON(c.OutOrStdout(), stages())
			}
			return printRules(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return c
}

// wrap breaks a text at blanks into lines of at most so many characters, if its words
// allow, indent included.
func wrap(text, indent string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.WriteString(indent)
			column = utf8.RuneCountInString(indent)
		case column+1+length > width:
			b.WriteString("\n" + indent + "  ")
			column = utf8.RuneCountInString(indent) + 2
		default:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String() + "\n"
}

func printRules(w io.Writer) error {
	for _, s := range stages() {
		fmt.Fprintf(w, "%s\n", s.Key)
		rows := make([][]string, 0, len(s.Kinds))
		for _, k := range s.Kinds {
			parameters := make([]string, 0, len(k.Fields))
			for _, f := range k.Fields {
				parameters = append(parameters, f.Key+"="+f.Default)
			}
			rows = append(rows, []string{"  " + k.Name, k.Summary, strings.Join(parameters, " "), k.Source})
		}
		if err := table(w, rows); err != nil {
			return err
		}
		for _, k := range s.Kinds {
			if k.Definition != "" {
				fmt.Fprint(w, wrap(k.Name+": "+k.Definition, "    ", 90))
			}
			for _, f := range k.Fields {
				if f.Names != "" {
					fmt.Fprint(w, wrap(k.Name+": "+f.Key+" by name: "+f.Names+".", "    ", 90))
				}
			}
		}
	}
	return nil
}
