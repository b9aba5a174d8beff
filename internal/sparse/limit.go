package sparse

// Limit returns up to which [Product.Share] of A leaving out the rest pays, beside the
// dense product by vectors of the same level. By measurements a number of A costs as much to
// list as the dense product of two vectors of B, and a number of B that is copied
// as much as that of some rows of A.
func (p Product) Limit() float64 {
	way := active.way(p.TransA)
	return way.speed * (1 - float64(2*active.lanes)/float64(p.N) - way.copying/float64(p.M))
}
