package committee

// Linear is g(x) = x: all averages are moments, and units differ by their second
// layer alone. It is a check on the others.
type Linear struct{}

var _ Activation = Linear{}

// Value implements [Activation].
func (Linear) Value(x float64) float64 { return x }

// Slope implements [Activation].
func (Linear) Slope(float64) float64 { return 1 }

// Active implements [Activation].
func (Linear) Active() float64 { return 1 }

// I2 implements [Activation].
func (Linear) I2(c Covariance, a, b int) float64 { return c[a][b] }

// I3 implements [Activation].
func (Linear) I3(c Covariance, _, b, d int) float64 { return c[b][d] }

// I4 implements [Activation].
func (Linear) I4(c Covariance, _, _, d, e int) float64 { return c[d][e] }

// J2 implements [Activation].
func (Linear) J2(Covariance, int, int) float64 { return 1 }
