package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ergon/energy"
)

func newPrices() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "prices [NAME|FILE]",
		Short: "list the price tables, or print one with its sources",
		Long: `Without arguments, lists the price tables that energy.prices knows by name. With a
name, or a YAML file of one's own, prints what each event costs (in joules, unless the
table says otherwise), the range and the source of each price, and which events each
stage is charged for.`,
		Example: `  ergon prices
  ergon prices horowitz45nm
  ergon prices ./mine.yaml --json`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listPrices(c.OutOrStdout(), asJSON)
			}
			name, err := argumentPath(args[0])
			if err != nil {
				return err
			}
			t, err := energy.OpenTable(name)
			if err != nil {
				return usage(err)
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), t)
			}
			return printPrices(c.OutOrStdout(), t)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print as JSON")
	return c
}

// listPrices lists the built-in price tables.
func listPrices(w io.Writer, asJSON bool) error {
	var all []*energy.Table
	rows := [][]string{{"NAME", "PRICES OF", "SOURCE"}}
	for _, name := range energy.Tables() {
		t, err := energy.OpenTable(name)
		if err != nil {
			return err
		}
		all = append(all, t)
		rows = append(rows, []string{t.Name, t.Technology, t.Source})
	}
	if asJSON {
		return printJSON(w, all)
	}
	return table(w, rows)
}

// printPrices prints a table, event by event.
func printPrices(w io.Writer, t *energy.Table) error {
	fmt.Fprintf(w, "%s: %s\n%s\n\n", t.Name, t.Technology, t.Source)
	rows := [][]string{{"event", t.Unit, "from", "to", "source"}}
	for _, o := range energy.Events {
		p := t.Prices[o.Event]
		rows = append(rows, []string{string(o.Event), ratio(p.Joules), bound(p.Low), bound(p.High), p.Source})
	}
	if err := table(w, rows); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, s := range energy.Stages {
		fmt.Fprintf(w, "%-11s is charged for %v\n", s, t.Charged(s))
	}
	fmt.Fprintf(w, "a presentation lasts %s s\n", ratio(t.SecondsPerPresentation))
	return nil
}

// bound prints an end of a range, if it is known.
func bound(x *float64) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf("%.4g", *x)
}
