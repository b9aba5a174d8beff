package datasets

import (
	"maps"
	"sync"
	"weak"
)

// shared hands the same value to everyone who asks for a key while anyone
// still holds it: the runs of a sweep share one copy of their data, and data
// that no run uses any more are freed.
type shared[K comparable, V any] struct {
	mu   sync.Mutex
	held map[K]weak.Pointer[V]
}

// get returns the value of key, which it makes if nobody holds it. One value
// is made at a time: making them uses all cores already.
func (s *shared[K, V]) get(key K, make func() (*V, error)) (*V, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.held[key].Value(); v != nil {
		return v, nil
	}
	v, err := make()
	if err != nil {
		return nil, err
	}
	if s.held == nil {
		s.held = map[K]weak.Pointer[V]{}
	}
	maps.DeleteFunc(s.held, func(_ K, p weak.Pointer[V]) bool { return p.Value() == nil })
	s.held[key] = weak.Make(v)
	return v, nil
}
