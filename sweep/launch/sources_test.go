package launch

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/datasets"
)

// digits writes an idx set whose classes are one lit pixel, moved by shift.
func digits(t *testing.T, dir string, shift int) {
	t.Helper()
	for part, n := range map[string]int{"train": 60, "t10k": 20} {
		images, labels := &datasets.IDX{Dims: []int{n, 3, 3}, Data: make([]byte, 9*n)}, &datasets.IDX{Dims: []int{n}, Data: make([]byte, n)}
		for i := range n {
			images.Data[9*i+i%4] = byte(200 + i%50)
			labels.Data[i] = byte((i + shift) % 4)
		}
		for name, x := range map[string]*datasets.IDX{"-images-idx3-ubyte": images, "-labels-idx1-ubyte": labels} {
			var b bytes.Buffer
			if err := datasets.WriteIDX(&b, x); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, part+name), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Data or prices that change under a sweep are an error of the cells that come later, and of
// those that were made meanwhile by others; never a mean of both. Put back, all is well.
func TestSourcesChange(t *testing.T) {
	data, prices := t.TempDir(), filepath.Join(t.TempDir(), "mine.yaml")
	priced := func(text string) {
		t.Helper()
		if err := os.WriteFile(prices, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	digits(t, data, 0)
	priced("mac: 1e-12\n")
	s := create(t, fmt.Sprintf(`base: mnist
set: {data: idx, data.dir: %s, "energy.prices": [%s], model.hidden: [], train.batch: 10}
rules: [{label: full}]
seeds: 3
goals: 0.5
budget: 100
figures: false
`, data, prices))
	work := func(pack int) Worked {
		t.Helper()
		w, err := s.Work(context.Background(), pack, 1, Watch{})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := work(0); w.Done != 1 {
		t.Fatalf("worked %+v", w)
	}
	for _, c := range []struct {
		change, back func()
		want         string
	}{
		{func() { digits(t, data, 1) }, func() { digits(t, data, 0) }, "data changed since the sweep was submitted (SHA-256"},
		{func() { priced("mac: 5e-12\n") }, func() { priced("mac: 1e-12\n") }, "price table " + prices + " changed since the sweep was submitted (SHA-256"},
		{func() { _ = os.Remove(prices) }, func() { priced("mac: 1e-12\n") }, "no such file"},
	} {
		c.change()
		if w := work(1); w.Failed != 1 {
			t.Errorf("%s: worked %+v", c.want, w)
		}
		if st := status(t, s); st.Failed != 1 || !strings.Contains(st.Cells[1].Why, c.want) {
			t.Errorf("status %+v, want %q", st.Cells[1], c.want)
		}
		if _, _, err := s.Collect(nil); err != nil { // what is finished is of the data as they were
			t.Error(err)
		}
		c.back()
		if _, err := s.Retry(); err != nil {
			t.Fatal(err)
		}
	}
	if w := work(1); w.Done != 1 {
		t.Errorf("worked %+v", w)
	}

	// A cell that somebody made of other data, by `ergon bench`, say.
	digits(t, data, 1)
	other := *s
	other.cells = append(other.cells[:0:0], s.cells...)
	other.cells[2].Sources = nil
	if _, err := other.Work(context.Background(), 2, 1, Watch{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Collect(nil); err == nil || !strings.Contains(err.Error(), "data of cell") {
		t.Errorf("collected with %v", err)
	}
}
