package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ergon/energy"
	"ergon/train/rundir"
	"ergon/train/rundir/pictures"
)

func newShow() *cobra.Command {
	var asJSON bool
	var figures string
	c := &cobra.Command{
		Use:   "show RUN",
		Short: "show a run: its config, where it ran, and the account per layer and stage",
		Long: `Shows a run by its directory: its config, where it ran, what it reached, and the
account per layer and stage: passes, updates, what the rule remembers, and what it
changes beside the weights.

A run of a Boltzmann machine has figures, too: receptive-fields, the weights of its
hidden units as images; samples, what its chains are at the end; chains, what they
were at evaluations; singular-values of the weights over training. With --figures DIR
they are drawn into that folder, which is made if it is not there, as PNG;
--figures chains.pdf draws one, as the format that its name says.`,
		Example: `  ergon show runs/mnist-0123456789
  ergon show runs/mnist-0123456789 --json
  ergon show runs/rbm-0123456789 --figures figures/
  ergon show runs/rbm-0123456789 --figures singular-values.svg`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := argumentPath(args[0])
			if err != nil {
				return err
			}
			if err := pictures.Check(figures); err != nil {
				return usage(fmt.Errorf("--figures %s: %w", figures, err))
			}
			d := rundir.Directory(path)
			meta, summary, err := readRun(d)
			if err == nil && figures != "" {
				err = drawFigures(c.ErrOrStderr(), d, figures)
			}
			if err != nil {
				return err
			}
			return show(c.OutOrStdout(), d, meta, summary, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print meta and summary as JSON")
	pathVar(c.Flags(), &figures, "figures", "draw figures, too, into this folder; or one, to this file")
	return c
}

// readRun reads what a run that has ended says of itself.
func readRun(d rundir.Directory) (meta *rundir.Meta, summary *rundir.Summary, err error) {
	meta, err = d.Meta()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, usage(noRun(d))
	} else if err != nil {
		return nil, nil, err
	}
	summary, err = d.Summary()
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s has no summary.json: the run is still going on, or was killed; metrics.jsonl has what it measured", d)
	}
	return meta, summary, err
}

func show(w io.Writer, d rundir.Directory, meta *rundir.Meta, summary *rundir.Summary, asJSON bool) error {
	if asJSON {
		return printJSON(w, struct {
			Meta    *rundir.Meta    `json:"meta"`
			Summary *rundir.Summary `json:"summary"`
		}{meta, summary})
	}
	config, err := d.Config()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n", config)
	fmt.Fprintf(w, "ran on %s (%s, %d cores), %s, %s, BLAS %s\n", meta.Host, meta.CPU, meta.Cores, meta.Go, meta.Engine, meta.BLAS)
	fmt.Fprintf(w, "by ergon %s, %s, seed %d\n", meta.Version, meta.Started.Format("2006-01-02 15:04:05 MST"), meta.Seed)
	fmt.Fprintf(w, "%s\n\n", describeData(meta.Data))
	if err := printAccount(w, summary.Energy); err != nil {
		return err
	}
	if err := printAccumulate(w, summary.Energy); err != nil {
		return err
	}
	printWrites(w, summary.Energy)
	if err := printLearnedBy(w, summary.LearnedBy); err != nil {
		return err
	}
	if err := printOperations(w, summary); err != nil {
		return err
	}
	if err := printBounds(w, summary.Energy.Bounds); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return printSummary(w, summary, string(d))
}

// describeData says what a run learned from.
func describeData(d *rundir.DataRecord) string {
	if d == nil {
		return "learned from data that the version it ran with did not record"
	}
	text := fmt.Sprintf("learned from %s, %d + %d examples of %s", d.Name, d.Train, d.Test, strings.Trim(strings.ReplaceAll(fmt.Sprint(d.Shape), " ", "×"), "[]"))
	if d.Classes > 0 && d.FirstLabel != nil && d.LastLabel != nil {
		text += fmt.Sprintf(", classes %d–%d", *d.FirstLabel, *d.LastLabel)
	}
	text += ", " + d.Where
	if d.SHA256 != "" {
		text += ", SHA-256 " + brief(d.SHA256)
	}
	return text
}

// printAccount prints the ledger as a table, a line for each layer and stage.
func printAccount(w io.Writer, a rundir.Account) error {
	head := []string{"layer", "stage", "MACs", "effective", "reads", "writes", "M0", "stored", "M1", "active units", "Σ|activity|", "synapses kept"}
	rows := [][]string{head}
	for _, y := range a.Layers {
		// A stage fills the columns that it has numbers for.
		stage := func(name string, cells map[string]string) {
			row := make([]string, len(head))
			row[0], row[1] = fmt.Sprintf("%s (%d→%d)", y.Name, y.In, y.Out), name
			for i, column := range head[2:] {
				row[i+2] = cells[column]
			}
			rows = append(rows, row)
		}
		pass := func(p energy.Pass) map[string]string {
			return map[string]string{"MACs": count(p.MACs), "effective": count(p.MACsEffective), "reads": count(p.WeightReads)}
		}
		forward, u := pass(y.Forward), y.Update
		forward["active units"], forward["Σ|activity|"] = count(y.ActiveUnits), fmt.Sprintf("%.4g", y.ActivityL1)
		stage("forward", forward)
		stage("backward", pass(y.Backward))
		stage("update", map[string]string{
			"reads": count(u.WeightReads), "writes": count(u.WeightWrites),
			"M0": count(u.M0), "stored": count(u.M0Stored), "M1": fmt.Sprintf("%.4g", u.M1),
		})
		if m := u.Memory; m.Reads+m.Writes > 0 {
			stage("update, memory", map[string]string{"reads": count(m.Reads), "writes": count(m.Writes)})
		}
		stage("maintenance", map[string]string{"synapses kept": count(y.Maintenance.SynapsePresentations)})
	}
	return table(w, rows)
}

// noRun is the error of a folder that holds no run. One of a benchmark or of a sweep holds many.
func noRun(d rundir.Directory) error {
	err := fmt.Errorf("%s is not a run directory: it has no meta.json", d)
	cells, _ := filepath.Glob(d.Path("cells/*/" + rundir.MetaFile))
	if len(cells) == 0 {
		return err
	}
	return fmt.Errorf("%w; its cells are runs, as %s, and `ergon bench` and `ergon sweep collect` compare them", err, filepath.Dir(cells[0]))
}
