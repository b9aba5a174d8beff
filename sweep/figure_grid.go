package sweep

import (
	"cmp"
	"slices"
	"strconv"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// grid draws the test accuracy at which runs ended against the numbers of a
// grid's setting: the mean of each rule over its seeds, and the seeds themselves
// as points. It is empty unless the grid is of one setting, of numbers. Zero has
// no place on a logarithmic axis and is left out.
func (r *Report) grid() *figure {
	if len(r.bench.Grid) != 1 {
		return newFigure("", "", "")
	}
	axis := r.bench.Grid[0]
	f := newFigure(r.Name, axis.Path, "test accuracy, %")
	for i, rule := range r.bench.Rules {
		var seeds, mean plotter.XYs
		for _, v := range axis.Values {
			x, err := strconv.ParseFloat(v.Value, 64)
			if err != nil {
				return newFigure("", "", "")
			}
			if ended := r.ended(rule.Label + " " + r.bench.shortPath(axis.Path) + "=" + v.Value); x > 0 && len(ended) > 0 {
				sum := 0.0
				for _, accuracy := range ended {
					seeds = append(seeds, plotter.XY{X: x, Y: 100 * accuracy})
					sum += 100 * accuracy
				}
				mean = append(mean, plotter.XY{X: x, Y: sum / float64(len(ended))})
				f.see(x)
			}
		}
		if len(mean) == 0 {
			continue
		}
		slices.SortFunc(mean, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
		drawn := &plotter.Line{XYs: mean, LineStyle: line(i, vg.Points(1.6))}
		f.plot.Add(drawn, &plotter.Scatter{XYs: seeds, GlyphStyle: glyph(i)})
		f.legend.Add(rule.Label, drawn)
	}
	if !f.empty() {
		f.logarithmic()
	}
	return f
}

// ended returns the last test accuracies of an arm's runs that have one.
func (r *Report) ended(label string) (accuracies []float64) {
	for i := range r.outcomes {
		if o := &r.outcomes[i]; o.Label == label && o.Finished() && o.Summary.TestAccuracy != nil {
			accuracies = append(accuracies, *o.Summary.TestAccuracy)
		}
	}
	return accuracies
}
