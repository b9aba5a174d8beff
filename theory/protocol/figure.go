package protocol

import (
	"errors"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/theory"
)

var _ theory.Drawer = (*Protocol)(nil)

// Draw implements Drawer: the error, the rate and what they cost, with the constant rate as a
// dashed line.
func (p *Protocol) Draw(r *theory.Result) ([]*plot.Plot, error) {
	if p.fixed() == 0 {
		return nil, errors.New("theory protocol: no course has the least M1, which takes infinitely long; give change or time a small price")
	}
	rising := []theory.Panel{{Column: "m0", Label: "M0 / n per synapse so far"}, {Column: "m1", Label: "M1 / √n per synapse so far"}}
	figure, err := theory.DrawRising(r, rising, []theory.Panel{
		{Column: "e", Label: "distance e", Logarithmic: true}, {Column: "eta", Label: "learning rate η"},
	})
	if err != nil {
		return nil, err
	}
	constant := p.constant()
	dashed(figure[2], "best constant rate", p.steadyCourse(constant))
	dashed(figure[3], "best constant rate", plotter.XYs{{X: 0, Y: constant.rate}, {X: constant.time, Y: constant.rate}})
	return figure, nil
}

// steadyCourse is e under a constant rate, e∞ + (e₀-e∞)·e^{-aη(2-η)t}.
func (p *Protocol) steadyCourse(s steady) (points plotter.XYs) {
	const rows = 100
	floor := s.rate * p.Noise * p.Noise / (2 - s.rate)
	for i := range rows + 1 {
		t := s.time * float64(i) / rows
		points = append(points, plotter.XY{X: t, Y: floor + (p.Start-floor)*math.Exp(-s.clock*s.rate*(2-s.rate)*t)})
	}
	return points
}

// dashed adds a grey line.
func dashed(p *plot.Plot, name string, points plotter.XYs) {
	line := &plotter.Line{XYs: points, LineStyle: draw.LineStyle{
		Color: color.Gray{110}, Width: vg.Points(1.2), Dashes: []vg.Length{vg.Points(4), vg.Points(3)},
	}}
	p.Add(line)
	p.Legend.Add(name, line)
}
