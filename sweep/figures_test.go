package sweep

import (
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every figure is a picture, and names all rules, however many there are.
func TestFigures(t *testing.T) {
	text := replaced(t, "seeds: 3", "grid: {lr: [0.1, 0.2, 0.3, 0.4, 0.5]}\nseeds: 2")
	b, out := parse(t, text), t.TempDir()
	report := b.NewReport(ran(t, planned(t, b), out))
	if err := report.Write(out); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"accuracy-presentations", "accuracy-m0", "accuracy-m1", "front-m0", "front-m1", "inefficiency"} {
		path := filepath.Join(out, "figures", name)
		checkPNG(t, path+".png")
		words := checkSVG(t, path+".svg")
		for _, label := range b.armLabels() {
			if !strings.Contains(words, label) {
				t.Errorf("%s does not name %q", name, label)
			}
		}
	}
}

// A grid of numbers is an axis of its own: each rule is one line along it.
func TestGridFigure(t *testing.T) {
	text := replaced(t, "seeds: 3", "grid: {lr: [0, 0.1, 1]}\nseeds: 2")
	b, out := parse(t, text), t.TempDir()
	report := b.NewReport(ran(t, planned(t, b), out))
	if err := report.Write(out); err != nil {
		t.Fatal(err)
	}
	words := checkSVG(t, filepath.Join(out, "figures", "accuracy-grid.svg"))
	for _, word := range []string{"rule.optimizer.lr", "full", "half"} {
		if !strings.Contains(words, word) {
			t.Errorf("the figure does not say %q: %s", word, words)
		}
	}
	if f := report.grid(); f.low != 0.1 || f.high != 1 {
		t.Errorf("drawn from %v to %v, want 0.1 to 1: zero has no place", f.low, f.high)
	}
	for _, grid := range []string{"", "grid: {rule.mask: [full, neurons]}\n", "grid: {lr: [0.1, 1], train.batch: [10, 20]}\n"} {
		b := parse(t, replaced(t, "seeds: 3", grid+"seeds: 1"))
		if f := b.NewReport(nil).grid(); !f.empty() {
			t.Errorf("%q is drawn, and is not a grid of one setting of numbers", grid)
		}
	}
}

func checkPNG(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil || picture.Bounds().Dx() < 700 || picture.Bounds().Dy() < 400 {
		t.Errorf("%s: %v, %v", path, picture.Bounds(), err)
	}
}

// checkSVG reads a file to the end as XML, and returns its text.
func checkSVG(t *testing.T, path string) (words string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		} else if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if text, ok := token.(xml.CharData); ok {
			words += string(text)
		}
	}
}
