package entropy

import (
	"context"
	"fmt"
	"sync"

	"ergon/internal/parallel"
	"ergon/internal/simd"
)

const (
	width      = simd.PanelWidth // vectors of a panel
	chunkSize  = 1024            // components read at a time
	blockSize  = 64              // of them at a time: of a thousand vectors they fit a core's own cache
	tileLength = width * width   // distances between the vectors of two panels
)

// distances are the squared distances of each vector from each. The sums of panels p ≤ q
// are one tile.
type distances struct {
	vectors Vectors
	panels  int
	tiles   [][tileLength]float64 // [pairs of panels]
	chunk   [][]float64           // [panels][chunkSize·width], components in the chunk
}

// measure computes the squared distances, in time n²d/2, with 4n² bytes and
// 8n·chunkSize beside the vectors. It adds differences, not products: two vectors that
// differ in their last digits have a distance with all of its digits.
//
// A vector with NaN or infinite components gives distances that are no numbers.
func measure(ctx context.Context, v Vectors) (*distances, error) {
	panels := (v.Len() + width - 1) / width
	d := &distances{vectors: v, panels: panels, tiles: make([][tileLength]float64, panels*(panels+1)/2)}
	for range panels {
		d.chunk = append(d.chunk, make([]float64, chunkSize*width))
	}
	pool := poolFor(v)
	defer pool.Close()
	for lo := 0; lo < v.Dimension(); lo += chunkSize {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(chunkSize, v.Dimension()-lo)
		var once sync.Once
		var failed error
		pool.Run(panels, func(p int) {
			if err := d.pack(p, lo, n); err != nil {
				once.Do(func() { failed = err })
			}
		})
		if failed != nil {
			return nil, failed
		}
		// Panel p has panels-p tiles to add to; so the first and the last go together.
		pool.Run((panels+1)/2, func(p int) {
			d.add(p, n)
			if other := panels - 1 - p; other > p {
				d.add(other, n)
			}
		})
	}
	return d, nil
}

// alone is the number of differences up to which one core is as quick as several.
const alone = 1 << 24

// poolFor returns the workers for v's distances: the caller alone where they are few.
func poolFor(v Vectors) *parallel.Pool {
	if v.Len()*v.Len() <= alone/v.Dimension() {
		return new(parallel.Pool)
	}
	return parallel.New(0)
}

// pack reads components lo … lo+n-1 of the vectors of panel p, which then stand side by side.
// Places that no vector has stay zero.
func (d *distances) pack(p, lo, n int) error {
	part := make([]float32, n)
	for i := range min(width, d.vectors.Len()-p*width) {
		if err := d.vectors.Part(part, p*width+i, lo); err != nil {
			return err
		}
		for c, x := range part {
			d.chunk[p][c*width+i] = float64(x)
		}
	}
	return nil
}

// add adds n components to the tiles of panel p and those after it.
func (d *distances) add(p, n int) {
	for lo := 0; lo < n; lo += blockSize {
		from, to := lo*width, min(lo+blockSize, n)*width
		for q := p; q < d.panels; q++ {
			simd.SquaredDistances(&d.tiles[d.tile(p, q)], d.chunk[p][from:to], d.chunk[q][from:to])
		}
	}
}

// tile is the number of the tile of panels p ≤ q.
func (d *distances) tile(p, q int) int { return p*d.panels - p*(p-1)/2 + q - p }

// squared returns |v_i - v_j|².
func (d *distances) squared(i, j int) float64 {
	if i > j {
		i, j = j, i
	}
	return d.tiles[d.tile(i/width, j/width)][i%width*width+j%width]
}

// check says why no entropy can be estimated from v by k neighbours.
func check(v Vectors, k int) error {
	switch {
	case v.Dimension() < 1:
		return fmt.Errorf("entropy: vectors without components")
	case k < 1:
		return fmt.Errorf("entropy: %d nearest neighbours; ask for one or more", k)
	case v.Len() < k+1:
		return fmt.Errorf("entropy: %d nearest neighbours of each of %d vectors; give %d vectors or more", k, v.Len(), k+1)
	}
	return nil
}
