// Command figures draws the README's picture from run directories: test
// accuracy against how many synapses were changed, M0, and by how much, M1.
//
//	go run ./docs/figures -out docs/rules.png plain=runs/plain subnet=runs/subnet
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"ergon/train"
)

func main() {
	out := flag.String("out", "docs/rules.png", "PNG file to write")
	flag.Parse()
	if err := figure(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// palette is Okabe and Ito's, which colour-blind readers can tell apart.
var palette = []color.Color{
	color.RGBA{0, 0, 0, 255}, color.RGBA{0, 114, 178, 255}, color.RGBA{213, 94, 0, 255},
	color.RGBA{0, 158, 115, 255}, color.RGBA{204, 121, 167, 255},
}

// figure draws both panels, a line for each LABEL=RUN.
func figure(out string, runs []string) error {
	panels := []*plot.Plot{panel("synapses changed, M0", 1e8, 1e10), panel("amount of change, M1", 1e3, 1e5)}
	x := []func(train.Metrics) float64{
		func(m train.Metrics) float64 { return float64(m.M0) },
		func(m train.Metrics) float64 { return m.M1 },
	}
	for i, argument := range runs {
		cut := strings.LastIndex(argument, "=") // labels may say p=0.1
		if cut < 0 {
			return fmt.Errorf("%q is not LABEL=RUN", argument)
		}
		label, dir := argument[:cut], argument[cut+1:]
		metrics, err := read(filepath.Join(dir, "metrics.jsonl"))
		if err != nil {
			return err
		}
		for j, p := range panels {
			line, err := plotter.NewLine(curve(metrics, x[j]))
			if err != nil {
				return err
			}
			line.Color, line.Width = palette[i%len(palette)], vg.Points(1.6)
			p.Add(line)
			if j == 0 {
				p.Legend.Add(label, line)
			}
		}
	}
	return save(out, panels)
}

// panel is an empty plot of test accuracy over whole decades.
func panel(label string, from, to float64) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = label, "test accuracy, %"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = from, to, 84, 96
	p.Legend.Padding, p.Legend.YOffs = vg.Points(2), vg.Points(4)
	p.Add(plotter.NewGrid())
	return p
}

func curve(metrics []train.Metrics, x func(train.Metrics) float64) (points plotter.XYs) {
	for _, m := range metrics {
		if m.TestAccuracy != nil && *m.TestAccuracy > 0.84 {
			points = append(points, plotter.XY{X: x(m), Y: 100 * *m.TestAccuracy})
		}
	}
	return points
}

func read(path string) (metrics []train.Metrics, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var m train.Metrics
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		metrics = append(metrics, m)
	}
	return metrics, lines.Err()
}

// save puts the panels side by side.
func save(out string, panels []*plot.Plot) error {
	canvas := vgimg.NewWith(vgimg.UseWH(24*vg.Centimeter, 10*vg.Centimeter), vgimg.UseDPI(120))
	tiles := draw.Tiles{Rows: 1, Cols: len(panels), PadX: vg.Centimeter, PadY: vg.Millimeter}
	grid := plot.Align([][]*plot.Plot{panels}, tiles, draw.New(canvas))
	for i, p := range panels {
		p.Draw(grid[0][i])
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(f); err != nil {
		return err
	}
	return f.Close()
}
