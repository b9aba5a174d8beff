package configs

import "ergon/internal/schema"

// FreeEnergy says which windows of steps a run measures the energy U and the entropy S of
// its weights in.
type FreeEnergy struct {
	Window     int `key:"window" doc:"vectors of weights that a window keeps in memory, 4 bytes a weight, one after each step, or as skip says; the last window ends with the run; 0: nothing is measured" in:"[0,1000000]"`
	Skip       int `key:"skip" doc:"steps after which weights are not kept, between two after which they are: a window spans window·(skip+1) steps, which should be many relaxation times of the weights" in:"[0,1000000]" identity:"nonzero"`
	Neighbours int `key:"neighbours" doc:"k nearest neighbours in the graph of Costa and Hero" in:"[1,1000000]"`
	PerDecade  int `key:"per_decade" doc:"further windows, ending at steps that are evenly spaced on a logarithmic scale, so many in a factor of ten; those that would overlap are left out; 0: none" in:"[0,100]"`
	Gradients  int `key:"gradients" doc:"minibatches, drawn with replacement, whose gradients are computed at the end of a window: signal, noise and kT* of the gradient; 0: none" in:"[0,1000000]"`
}

// Validate implements schema's check of fields against each other.
func (f *FreeEnergy) Validate() error {
	switch {
	case f.Window > 0 && f.Neighbours >= f.Window:
		return schema.Fieldf("neighbours", "%d of each of window = %d weights; give fewer, or a larger window", f.Neighbours, f.Window)
	case f.Gradients == 1:
		return schema.Fieldf("gradients", "1, and one gradient has no noise; give 2 or more, or 0")
	}
	return nil
}

// Span returns the steps of a window.
func (f *FreeEnergy) Span() int { return f.Window * (f.Skip + 1) }

// measured are the settings that matter: none where nothing is measured.
func (f FreeEnergy) measured() FreeEnergy {
	if f.Window == 0 {
		return FreeEnergy{}
	}
	return f
}
