package philox

// Words fills dst with words first, first+1, … of a step.
func (s Stream) Words(step, first uint64, dst []uint32) {
	for ; len(dst) > 0 && first%4 != 0; first++ {
		dst[0] = s.Uint32(step, first)
		dst = dst[1:]
	}
	for ; len(dst) >= 4; first += 4 {
		*(*[4]uint32)(dst) = s.Block(step, first/4)
		dst = dst[4:]
	}
	for i := range dst {
		dst[i] = s.Uint32(step, first+uint64(i))
	}
}
