// Package entropy estimates the differential entropy S = -⟨ln p⟩ of what vectors are drawn
// from, such as the last thousand weights of a run that goes on at a fixed learning rate.
//
// It knows of the vectors no more than how far each is from its nearest neighbours, so the law
// need not have a formula and the vectors may have millions of components. They are
// kept in float32, once; distances are added in float64, block by block of components.
//
//	window := entropy.NewWindow(1000, d)
//	for … { window.Add(weights) }                                  // as the run goes on
//	neighbours, err := entropy.Nearest(ctx, window, 50)            // nearest first
//	s := neighbours.KozachenkoLeonenko(1, d)                       // in nats
//	s = neighbours.CostaHero(50, d)                                // up to a constant
//
// Both take vectors for independent. Iterates that follow each other closely are not: they
// lie along a path, and what is estimated is the volume that the path fills in the window.
package entropy
