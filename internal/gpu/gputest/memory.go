package gputest

import (
	"bytes"
	"slices"
	"testing"

	"ergon/internal/gpu"
)

// sizes are of less and more than what a device may copy in one piece, in bytes.
var sizes = []int{1, 3, 255, 4096, 4<<20 - 1, 4 << 20, 4<<20 + 1, 9<<20 + 5}

// zeroed memory must be, also where something else has been.
func zeroed(t *testing.T, d gpu.Device) {
	for _, n := range sizes {
		for range 2 {
			a, err := gpu.New[byte](d, n)
			check(t, err)
			if a.Pointer%256 != 0 {
				t.Errorf("%d bytes at %#x, which is no multiple of 256", n, a.Pointer)
			}
			if got := download(t, a); !bytes.Equal(got, make([]byte, n)) {
				t.Errorf("%d fresh bytes are not all 0", n)
			}
			check(t, a.Upload(bytes.Repeat([]byte{0xFF}, n)))
			check(t, a.Free())
		}
	}
}

func roundTrips(t *testing.T, d gpu.Device) {
	for _, n := range sizes {
		want := draw(n, "memory")
		a := upload(t, d, want)
		if got := download(t, a); !bytes.Equal(got, want) {
			t.Errorf("%d bytes came back changed", n)
		}
		if n < 10 {
			continue
		}
		part := make([]byte, n-9)
		check(t, a.UploadAt(2, want[:5]))
		check(t, a.DownloadAt(1, part))
		copy(want[2:7], slices.Clone(want[:5]))
		if !bytes.Equal(part, want[1:n-8]) {
			t.Errorf("a part of %d bytes came back changed", n)
		}
	}
	check(t, d.Upload(array[byte](t, d, 1).Pointer, nil)) // nothing to do
}

// uploadsInOrder overwrites what it uploads from, and uploads to the same place.
func uploadsInOrder(t *testing.T, d gpu.Device) {
	const n = 1 << 16
	a, b := array[byte](t, d, n), array[byte](t, d, n)
	values := make([]byte, n)
	for round := range 20 {
		for i := range values {
			values[i] = byte(round)
		}
		check(t, a.Upload(values))
		if round == 7 {
			check(t, b.Upload(values))
		}
	}
	for i := range values {
		values[i] = 99
	}
	if got := download(t, a); !bytes.Equal(got, bytes.Repeat([]byte{19}, n)) {
		t.Error("the last upload is not what is there")
	}
	if got := download(t, b); !bytes.Equal(got, bytes.Repeat([]byte{7}, n)) {
		t.Error("an upload changed after it returned")
	}
}

func zeroing(t *testing.T, d gpu.Device) {
	want := draw(1000, "zeroing")
	a := upload(t, d, want)
	check(t, d.Zero(a.At(3), 501))
	clear(want[3:504])
	if got := download(t, a); !bytes.Equal(got, want) {
		t.Error("zeroing bytes 3 to 503 did something else")
	}
	check(t, a.Zero())
	if got := download(t, a); !bytes.Equal(got, make([]byte, 1000)) {
		t.Error("not all is 0 after Zero")
	}
}

func wrongMemory(t *testing.T, d gpu.Device) {
	if _, err := d.Allocate(0); err == nil {
		t.Error("no error: 0 bytes allocated")
	}
	if _, err := d.Allocate(1 << 50); err == nil {
		t.Error("no error: a pebibyte allocated")
	}
	a, err := gpu.New[byte](d, 100)
	check(t, err)
	fails(t, "upload past the end", d.Upload(a.At(50), make([]byte, 51)))
	fails(t, "download past the end", d.Download(make([]byte, 101), a.Pointer))
	fails(t, "zeroing before the start", d.Zero(a.Pointer-1, 2))
	fails(t, "free of what is within an allocation", d.Free(a.At(1)))
	check(t, a.Free())
	fails(t, "free of what was freed", a.Free())
	fails(t, "zeroing what was freed", a.Zero())
}
