package gputest

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"ergon/internal/gpu"
)

// work is a step of every kind that can be captured. Its result depends on what
// was there before, so that each replay shows.
type work struct {
	device     gpu.Device
	words      gpu.Array[uint32]
	a, b, sums gpu.Array[float32]
}

func newWork(t *testing.T, d gpu.Device) *work {
	w := &work{d, array[uint32](t, d, 40), upload(t, d, drawFloats(6, "a")), upload(t, d, drawFloats(6, "b")), array[float32](t, d, 4)}
	check(t, w.a.UploadAt(0, []float32{0.5, -0.25, 1, 0.125, -1, 0.75}))
	return w
}

// queue is b = aᵀ·(a·b) with one of b's numbers zeroed, and words.
func (w *work) queue() error {
	return errors.Join(
		launchPhilox(w.device, w.words.Pointer, [2]uint32{3, 4}, 5, 10),
		w.device.Multiply(gpu.Product{M: 2, N: 2, K: 3, A: w.a.Pointer, B: w.b.Pointer, C: w.sums.Pointer, Networks: 1}),
		w.device.Multiply(gpu.Product{M: 3, N: 2, K: 2, TransA: true, A: w.a.Pointer, B: w.sums.Pointer, C: w.b.Pointer, Networks: 1}),
		w.device.Zero(w.b.At(4), 4),
	)
}

// results are what queue changes.
func (w *work) results(t *testing.T) ([]uint32, []float32) {
	t.Helper()
	return download(t, w.words), download(t, w.b)
}

func replay(t *testing.T, d gpu.Device) {
	direct, captured := newWork(t, d), newWork(t, d)
	before := download(t, captured.b)
	graph, err := d.Capture(captured.queue)
	check(t, err)
	if words, b := captured.results(t); !slices.Equal(b, before) || words[0] != 0 {
		t.Error("capturing did the work")
	}
	for step := range 3 {
		check(t, direct.queue())
		check(t, graph.Launch())
		wantWords, wantB := direct.results(t)
		words, b := captured.results(t)
		if !slices.Equal(words, wantWords) || !slices.Equal(b, wantB) {
			t.Errorf("step %d: the replay's results are %v, want %v", step, b, wantB)
		}
		check(t, d.Zero(captured.words.Pointer, 160))
	}
	check(t, graph.Close())
}

// failedCaptures must leave the device as it was.
func failedCaptures(t *testing.T, d gpu.Device) {
	w := newWork(t, d)
	wrong := errors.New("wrong")
	graph, err := d.Capture(func() error { return errors.Join(w.queue(), wrong) })
	if !errors.Is(err, wrong) || graph != nil {
		t.Errorf("Capture of failing work = %v, %v", graph, err)
	}
	other, err := d.Capture(w.queue)
	check(t, err)
	graph, err = d.Capture(func() error {
		fails(t, "upload in a capture", w.a.Upload(make([]float32, 6)))
		fails(t, "download in a capture", w.a.Download(make([]float32, 6)))
		fails(t, "synchronize in a capture", d.Synchronize())
		fails(t, "free in a capture", w.a.Free())
		fails(t, "graph launch in a capture", other.Launch())
		_, err := d.Allocate(8)
		fails(t, "allocate in a capture", err)
		_, err = d.Capture(func() error { return nil })
		fails(t, "capture in a capture", err)
		return w.queue()
	})
	check(t, err)
	check(t, graph.Launch())
	check(t, d.Synchronize())
	check(t, graph.Close())
	check(t, other.Close())
	panicking(t, d, w)
}

// panicking captures what panics; the device must still work after it.
func panicking(t *testing.T, d gpu.Device, w *work) {
	t.Helper()
	func() {
		defer func() { _ = recover() }()
		_, _ = d.Capture(func() error { panic("in a capture") })
	}()
	check(t, w.queue())
	check(t, d.Synchronize())
}

// threads makes each call on a thread of its own, as Go's scheduler might.
func threads(t *testing.T, d gpu.Device) {
	w := newWork(t, d)
	var graph gpu.Graph
	words := make([]uint32, 40)
	for _, call := range []func() error{
		func() (err error) {
			graph, err = d.Capture(func() error { return elsewhere(w.queue) })
			return err
		},
		func() error { return graph.Launch() },
		w.queue,
		func() error { return w.words.Download(words) },
		func() error { return w.words.Upload(words) },
		d.Synchronize,
		func() error { return graph.Close() },
	} {
		check(t, elsewhere(call))
	}
	if !slices.Equal(words, philoxWant([2]uint32{3, 4}, 5, 10)) {
		t.Error("work from other threads went wrong")
	}
}

// elsewhere makes a call on a thread that ends with it.
func elsewhere(call func() error) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked, so that nobody inherits the thread
		result <- call()
	}()
	return <-result
}
