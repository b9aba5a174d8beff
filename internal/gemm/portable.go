package gemm

import "unsafe"

// portable is the reference in plain Go. Its vectors are as wide as AVX2's; its
// mask is the number of lanes.
var portable = &instructions{
	lanes:     8,
	panels:    plainRows(4, 16, false),
	packing:   plainRows(4, 16, true),
	masked1:   plainRows(4, 0, false),
	masked2:   plainRows(4, 8, false),
	dots:      plainDots(2, 4),
	dot:       plainDots(2, 1),
	mask:      func(lanes int) [8]uint32 { return [8]uint32{uint32(lanes)} },
	columns:   plainColumns,
	transpose: transposeElements,
}

// numbers are n of them from byte offset on.
func numbers(p unsafe.Pointer, offset, n int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(p, offset)), n)
}

// plainRows are the kernels for 1 … most rows. The columns of a panel are 16, or
// the given whole ones and as many as the mask says.
func plainRows(most, columns int, packing bool) (all []kernel) {
	for rows := 1; rows <= most; rows++ {
		all = append(all, func(raw *[18]uintptr) {
			s := (*strip)(unsafe.Pointer(raw))
			width, count := columns, s.panelCount
			if columns < 16 {
				width += int(s.mask[0])
			}
			if packing {
				count = 1
				s.copyPanel(width)
			}
			for panel := range count {
				for r := range rows {
					s.plainRow(r, panel, width)
				}
			}
		})
	}
	return all
}

// copyPanel packs the rows of B.
func (s *strip) copyPanel(width int) {
	for l := range s.k {
		copy(numbers(s.packed, l*size*width, width), numbers(s.b, l*s.bRow, width))
	}
}

// plainRow computes row r of a panel, width columns of at most 16.
func (s *strip) plainRow(r, panel, width int) {
	var sums [16]float32
	for l := range s.k {
		a := numbers(s.a, r*s.aRow+l*s.aColumn, 1)[0]
		for j, b := range numbers(s.b, panel*s.bPanel+l*s.bRow, width) {
			sums[j&15] += a * b
		}
	}
	s.toRow(r, panel*size*16, sums[:width])
}

// toRow writes sums to a row of C, or adds them.
func (s *strip) toRow(r, offset int, sums []float32) {
	c := numbers(s.c, r*s.cRow+offset, len(sums))
	for j, sum := range sums {
		if s.accumulate != 0 {
			sum += c[j]
		}
		c[j] = sum
	}
}

// plainDots are the kernels of inner products for 1 … most rows.
func plainDots(most, columns int) (all []kernel) {
	for rows := 1; rows <= most; rows++ {
		all = append(all, func(raw *[18]uintptr) {
			s := (*strip)(unsafe.Pointer(raw))
			for panel := range s.panelCount {
				for r := range rows {
					s.plainProducts(r, panel, columns)
				}
			}
		})
	}
	return all
}

func (s *strip) plainProducts(r, panel, columns int) {
	var sums [4]float32
	a := numbers(s.a, r*s.aRow, s.k)
	for j := range columns {
		for l, b := range numbers(s.b, panel*s.bPanel+j*s.bRow, s.k) {
			sums[j] += a[l] * b
		}
	}
	s.toRow(r, panel*size*columns, sums[:columns])
}

func plainColumns(dst []float32, dstRow int, src []float32, srcRow, rows int, mask *[8]uint32) {
	for r := range rows {
		copy(dst[r*dstRow:][:mask[0]], src[r*srcRow:])
	}
}
