package philox

import "testing"

// Words are those of Uint32, wherever they begin and however many they are.
func TestWords(t *testing.T) {
	s := New(4, "words")
	for _, first := range []uint64{0, 1, 2, 3, 4, 401, 1<<34 - 300, 1<<34 - 3, 1 << 40} {
		for n := range 80 {
			words := make([]uint32, n)
			s.Words(6, first, words)
			for i, w := range words {
				if want := s.Uint32(6, first+uint64(i)); w != want {
					t.Fatalf("%d words from %d: number %d is %x, want %x", n, first, i, w, want)
				}
			}
		}
	}
}

func BenchmarkWords(b *testing.B) {
	s, words := New(0, "bench"), make([]uint32, 4096)
	b.SetBytes(4 * 4096)
	for i := range b.N {
		s.Words(uint64(i), 0, words)
	}
}
