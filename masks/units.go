package masks

// units is a set of units in each layer of units, the input first; ascending.
type units [][]int32

// grid returns the rows and columns of a layer of synapses that a side keeps:
// post the columns of the units in the set, pre the rows, both both.
func (u units) grid(side string, layer int) (g grid) {
	if side != "post" {
		g.pre = u[layer]
	}
	if side != "pre" {
		g.post = u[layer+1]
	}
	return g
}
