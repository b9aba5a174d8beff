//go:build !amd64.v3

package philox

import "testing"

// Normals are the same bits as ever. The table of quantiles comes from math.Erfcinv, which
// differs where multiplications and additions are fused.
func TestKnownNormals(t *testing.T) {
	x := make([]float32, 20_000)
	New(1, "known").Normals(2, 0, x)
	if sum := checksum(t, x); sum != 0x7c5f0055 {
		t.Errorf("checksum %#x", sum)
	}
}
