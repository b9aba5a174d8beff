package convolve

// The definitions, for processors without kernels.

func (f *Field) forward(z []float32, pitch, line int, image, weights, bias []float32) {
	for row := range f.Rows {
		for column := range f.Columns {
			z := z[row*line+column*pitch:][:f.Channels]
			copy(z, bias)
			w := weights
			for _, start := range f.Starts {
				for _, x := range image[row*f.Line+column*f.Depth+start:][:f.Segment] {
					for c, w := range w[:f.Channels] {
						z[c] += x * w
					}
					w = w[min(pitch, len(w)):]
				}
			}
		}
	}
}

func (f *Field) weightGradient(dw, image, dz []float32) {
	f.each(dz, func(dz []float32, at int) {
		f.products(image[at:], dw, func(x float32, dw []float32) {
			for c, d := range dz {
				dw[c] += x * d
			}
		})
	})
}

func (f *Field) inputError(dx, dz, turned []float32) {
	f.each(dz, func(dz []float32, at int) {
		for c, e := range dz {
			if e == 0 {
				continue
			}
			row := turned[c*f.Inputs() : (c+1)*f.Inputs()]
			for _, start := range f.Starts {
				for k, to := range dx[at+start : at+start+f.Segment] {
					dx[at+start+k] = to + e*row[k]
				}
				row = row[f.Segment:]
			}
		}
	})
}

// each calls do with the channels of each position, and where its first number lies.
func (f *Field) each(units []float32, do func(units []float32, at int)) {
	for row := range f.Rows {
		for column := range f.Columns {
			do(units[:f.Channels], row*f.Line+column*f.Depth)
			units = units[f.Channels:]
		}
	}
}

// products calls do with each number that a kernel sees and its row of weights.
func (f *Field) products(image, weights []float32, do func(x float32, w []float32)) {
	for _, start := range f.Starts {
		for _, x := range image[start : start+f.Segment] {
			do(x, weights[:f.Channels])
			weights = weights[f.Channels:]
		}
	}
}
