package main

import (
	"io"
	"math"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"ergon/configs"
)

func newConfigs() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "configs [CONFIG] [key=value ...]",
		Short: "list the presets, or print one resolved, with comments",
		Long: `Without arguments, lists the presets. With what ` + "`ergon train`" + ` takes, a preset, a file,
a run directory or -, prints the config that it would run, every key with its meaning
and range: a good file to start from. What the file begins from (base) is in it.`,
		Example: `  ergon configs
  ergon configs mnist > my.yaml
  ergon configs mnist rule.mask=subnet`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listPresets(c, asJSON)
			}
			config, err := loadConfig(args)
			if err != nil {
				return err
			}
			text, err := config.YAML(true)
			if err != nil {
				return err
			}
			if asJSON {
				return printYAMLAsJSON(c.OutOrStdout(), text)
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

func listPresets(c *cobra.Command, asJSON bool) error {
	presets := configs.Presets()
	if asJSON {
		return printJSON(c.OutOrStdout(), presets)
	}
	rows := make([][]string, 0, len(presets))
	for _, p := range presets {
		rows = append(rows, []string{p.Name, p.Summary})
	}
	return table(c.OutOrStdout(), rows)
}

// printYAMLAsJSON prints a config for programs. JSON has no infinity: it
// becomes the string "inf", which a config accepts.
func printYAMLAsJSON(w io.Writer, text []byte) error {
	var tree any
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return err
	}
	return printJSON(w, withoutInfinity(tree))
}

func withoutInfinity(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		for key := range v {
			v[key] = withoutInfinity(v[key])
		}
	case []any:
		for i := range v {
			v[i] = withoutInfinity(v[i])
		}
	case float64:
		if math.IsInf(v, 0) {
			return "inf"
		}
	}
	return tree
}
