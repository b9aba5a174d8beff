package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ergon/datasets"
)

func newData() *cobra.Command {
	c := &cobra.Command{
		Use:   "data",
		Short: "list, check or fetch data sets",
		Long: `Lists the data sets, verifies their files, or brings published ones. In a config
data names the set and data.dir a folder of its files: data=fashion_mnist
data.dir=FOLDER. Files of a published set are compared with those published, and
others refused: data=idx data.dir=FOLDER reads idx files of your own, and those of
EMNIST and QMNIST.`,
		Example: `  ergon data list
  ergon data check mnist
  ergon data fetch fashion_mnist`,
		Args: unknownVerb,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newDataList(), newDataCheck(), newDataFetch())
	return c
}

func newDataList() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "list the data sets and whether they are on this machine",
		Example: "  ergon data list --json",
		Args:    arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if asJSON {
				return printJSON(c.OutOrStdout(), datasets.List())
			}
			return printDataSets(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return c
}

func printDataSets(w io.Writer) error {
	rows := [][]string{{"NAME", "WHERE", "WHAT"}}
	for _, l := range datasets.List() {
		where := l.Found
		if where == "" {
			where = "not here: " + l.Hint
		}
		rows = append(rows, []string{l.Name, where, l.Summary})
	}
	return table(w, rows)
}

func newDataCheck() *cobra.Command {
	var asJSON bool
	var dir, prefix string
	c := &cobra.Command{
		Use: "check NAME", Short: "verify a data set's files, and say what they hold",
		Long: `Verifies the files of a data set. Those of a published set must have the content
that was published, plain or compressed; those of your own, "idx", must be
readable and belong together. The last lines say how many images there are, of
which size and labels, and the SHA-256 of all files together, which meta.json
of a run has, too.

idx files are found under the names of MNIST and their usual variants:
train-images.idx3-ubyte, test for t10k, emnist-letters-train-images-idx3-ubyte,
qmnist-train-labels-idx2-int, in capitals, .gz, and in torchvision's MNIST/raw.`,
		Example: `  ergon data check mnist
  ergon data check idx --dir my/digits
  ergon data check idx --dir EMNIST/raw --prefix emnist-letters`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			reports, err := datasets.Check(args[0], dir, prefix)
			if errors.Is(err, fs.ErrNotExist) {
				return err
			} else if err != nil { // nothing that could be checked was named
				return usage(err)
			}
			if err := printReports(c.OutOrStdout(), reports, asJSON); err != nil || asJSON {
				return err
			}
			return printContent(c.OutOrStdout(), args[0], dir, prefix)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	pathVar(c.Flags(), &dir, "dir", "folder of the files; without it, the set's usual place")
	c.Flags().StringVar(&prefix, "prefix", "", "how the names of idx files begin, where a folder has several sets")
	return c
}

func printReports(w io.Writer, reports []datasets.FileReport, asJSON bool) error {
	bad := 0
	rows := make([][]string, 0, len(reports))
	for _, r := range reports {
		finding := "ok"
		if r.What != "" {
			finding += ", " + r.What
		}
		if r.Problem != "" {
			finding = r.Problem
			bad++
		}
		rows = append(rows, []string{r.File, finding})
	}
	var err error
	if asJSON {
		err = printJSON(w, reports)
	} else {
		err = table(w, rows)
	}
	if bad > 0 {
		err = errors.Join(err, fmt.Errorf("%d of %d files are not good", bad, len(reports)))
	}
	return err
}

// printContent says what good files hold as a whole.
func printContent(w io.Writer, name, dir, prefix string) error {
	d, err := datasets.Open(name, dir, prefix)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s\n", d)
	if d.Remark != "" {
		fmt.Fprintf(w, "%s\n", d.Remark)
	}
	_, err = fmt.Fprintf(w, "SHA-256 %s\n", d.Content.Digest)
	return err
}

func newDataFetch() *cobra.Command {
	var dir string
	c := &cobra.Command{
		Use: "fetch NAME", Short: "download a data set and verify it",
		Long: `Downloads a data set into the user's cache, or --dir, and verifies its checksums.
An interrupted download is resumed by the next one; no file appears under its
final name before it is whole and verified.`,
		Example: "  ergon data fetch fashion_mnist",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, release := endOnSignal()
			defer release()
			if !slices.Contains(datasets.Fetchable(), args[0]) {
				return usage(fmt.Errorf("%s is not published: there is nothing to fetch (published: %s)", args[0], strings.Join(datasets.Fetchable(), ", ")))
			}
			progress, done := fetchProgress(&lossy{out: c.ErrOrStderr()})
			err := datasets.Fetch(ctx, args[0], dir, progress, datasets.FetchOptions{})
			done()
			if err != nil && ctx.Err() != nil {
				return exit{exitInterrupted, fmt.Errorf("interrupted; the next `ergon data fetch %s` goes on where this stopped (stopped by %w)", args[0], context.Cause(ctx))}
			}
			return err
		},
	}
	pathVar(c.Flags(), &dir, "dir", "folder to fetch into; without it, the user's cache")
	return explainSignals(c, `what was downloaded stays, and the next call goes on from there.`)
}

// fetchProgress returns what shows a download: a bar a file where a person
// watches, and otherwise a line a file.
func fetchProgress(messages *lossy) (progress func(file string, done, total int64), finish func()) {
	if !onTerminal() {
		var announced sync.Map
		return func(file string, _, total int64) {
			if _, again := announced.LoadOrStore(file, true); !again {
				fmt.Fprintf(messages, "fetching %s (%d bytes)\n", file, total)
			}
		}, func() {}
	}
	p := messages.bars(32)
	bars := map[string]*mpb.Bar{}
	return func(file string, done, total int64) {
			if bars[file] == nil {
				bars[file] = p.AddBar(total, mpb.PrependDecorators(decor.Name(file+" ")),
					mpb.AppendDecorators(decor.CountersKibiByte("% .1f / % .1f"), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
			}
			bars[file].SetCurrent(done)
		}, func() {
			for _, b := range bars {
				b.Abort(false)
			}
			p.Wait()
		}
}
