package accumulate

// side is one of the two vectors of an outer product, and the orthonormal directions of a sum of such products.
type side struct {
	directions  []float32 // [rank,width]
	coordinates []float64 // [rank+1] of the vector: in the directions, and in a new one
	rest        []float64 // [width] what of the vector is in none of them; in the end the new direction
	length      float64   // of the vector
}

func newSide(directions []float32, rank, width int) side {
	return side{directions: directions, coordinates: make([]float64, rank+1), rest: make([]float64, width)}
}

// load begins with a vector. It returns false if that is 0.
func (s *side) load(vector []float32) bool {
	for i, x := range vector {
		s.rest[i] = float64(x)
	}
	clear(s.coordinates)
	s.length = norm(s.rest)
	return s.length != 0
}

// direction returns one of the directions.
func (s *side) direction(k int) []float32 {
	return s.directions[k*len(s.rest) : (k+1)*len(s.rest)]
}

// resolve finds the coordinates of two vectors in the directions of their sides, and new directions. It is twice
// Gram-Schmidt, since once loses the orthogonality of a small rest.
func resolve(x, y *side) {
	for range 2 {
		for k := range len(x.coordinates) - 1 {
			a, b := dots(x.rest, x.direction(k), y.rest, y.direction(k))
			x.take(k, a)
			y.take(k, b)
		}
	}
	x.renew()
	y.renew()
}

// dots returns x·u and y·v. Each sum waits for its last addition, so that two take the time of one.
func dots(x []float64, u []float32, y []float64, v []float32) (a, b float64) {
	both := min(len(x), len(y))
	for i, d := range u[:both] {
		a += x[i] * float64(d)
		b += y[i] * float64(v[i])
	}
	for i := both; i < len(x); i++ {
		a += x[i] * float64(u[i])
	}
	for i := both; i < len(y); i++ {
		b += y[i] * float64(v[i])
	}
	return a, b
}

// take takes so much of a direction out of the rest.
func (s *side) take(k int, dot float64) {
	s.coordinates[k] += dot
	for i, d := range s.direction(k) {
		s.rest[i] -= float64(dot * float64(d))
	}
}

// renew makes a new direction of the rest, and writes its coordinate.
func (s *side) renew() {
	left := norm(s.rest)
	if left <= 1e-6*s.length { // what is left is rounding: directions are float32
		clear(s.rest)
		return
	}
	s.coordinates[len(s.coordinates)-1] = left
	for i := range s.rest {
		s.rest[i] /= left
	}
}
