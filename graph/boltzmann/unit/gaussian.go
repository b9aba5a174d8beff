package unit

// Gaussian is a stand-in.
type Gaussian struct{ Bernoulli }
