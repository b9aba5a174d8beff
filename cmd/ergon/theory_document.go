package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ergon/internal/canvas"
	"ergon/theory"
	"ergon/theory/documents"
)

// predictDocument computes all predictions of a document, in order, and prints each as soon
// as it is there.
func predictDocument(c *cobra.Command, source string, settings []string, o theoryOptions) error {
	ctx, release := endOnSignal()
	defer release()
	if c.Flags().Changed("simulate") {
		settings = append(settings, fmt.Sprintf("simulate=%d", o.simulate))
	}
	d, err := documents.Load(source, settings)
	if err != nil {
		return usage(err)
	}
	figures, err := figuresOf(d, o.plot)
	if err != nil {
		return usage(err)
	}
	results := make([]*theory.Result, 0, len(d.Computations))
	for i, one := range d.Computations {
		watched, finish := showProgress(ctx, &lossy{out: c.ErrOrStderr()}, fmt.Sprintf("%d/%d %s", i+1, len(d.Computations), one.Name))
		result, err := theory.Predict(watched, one.Theory)
		finish()
		switch {
		case ctx.Err() != nil: // what it has may be half of it
			return exit{exitInterrupted, fmt.Errorf("interrupted (stopped by %w) after %d of %d predictions", context.Cause(ctx), i, len(d.Computations))}
		case err != nil:
			return fmt.Errorf("%s: %w", one.Command, err)
		}
		if results = append(results, result); !o.asJSON {
			err = printTitled(c.OutOrStdout(), one.Command, result, i > 0)
		}
		if figures[i] != "" { // one of the two may have a full disk
			err = errors.Join(err, theory.Draw(one.Theory, result, figures[i]))
		}
		if err != nil {
			return unread(err)
		}
	}
	if o.asJSON {
		return unread(printJSON(c.OutOrStdout(), results))
	}
	return nil
}

// printTitled prints a result below the call that computes it.
func printTitled(w io.Writer, command string, result *theory.Result, further bool) error {
	space := ""
	if further {
		space = "\n"
	}
	if _, err := fmt.Fprintf(w, "%s# %s\n", space, command); err != nil {
		return err
	}
	return result.WriteCSV(w)
}

// figuresOf returns the paths of the figures of a document in a folder, which it makes; "" is
// none. The folder is "" if none are asked for.
func figuresOf(d *documents.Document, folder string) ([]string, error) {
	paths := make([]string, len(d.Computations))
	if folder == "" {
		return paths, nil
	}
	if _, err := canvas.FormatOf(folder); err == nil {
		return nil, fmt.Errorf("--plot %s: a document has several figures; name a folder: --plot %s/", folder, strings.TrimSuffix(folder, filepath.Ext(folder)))
	}
	found := 0
	for i, one := range d.Computations {
		if _, ok := one.Theory.(theory.Drawer); ok {
			paths[i] = filepath.Join(folder, fmt.Sprintf("%02d-%s.svg", i+1, one.Name))
			found++
		}
	}
	if found == 0 {
		return nil, fmt.Errorf("--plot: no theory of %s has a figure", d.Name)
	}
	return paths, os.MkdirAll(folder, 0o755)
}
