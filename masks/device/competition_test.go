package device

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
	"ergon/internal/selection"
	"ergon/masks"
	"ergon/masks/rules/competitive"
)

// A competition on the device keeps the keys that are at least the k-th largest, among
// numbers of all sizes, with many ties and some NaN.
func TestDeviceCompetitionIsTheOrderStatistic(t *testing.T) {
	d := testdevice.Open(t)
	special := []float32{0, 1, -1, math.SmallestNonzeroFloat32, -1e-40, math.MaxFloat32, float32(math.Inf(-1)), float32(math.NaN())}
	number := rapid.OneOf(rapid.Float32(), rapid.SampledFrom(special), rapid.Float32Range(0.9999, 1))
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(number, 1, 300).Draw(t, "gradients")
		layer := masks.Layer{In: rapid.IntRange(1, 9).Draw(t, "repeated"), Out: len(some)}
		gradients := make([]float32, 0, layer.In*layer.Out)
		for range layer.In {
			gradients = append(gradients, some...)
		}
		mask := &competitive.Competitive{
			Share: masks.Share{P: []float64{rapid.Float64Range(0, 0.999).Draw(t, "p")}}, Among: "layer",
			Order: rapid.SampledFrom([]string{"largest", "smallest"}).Draw(t, "order"), By: "update",
		}
		made, err := mask.New(masks.Network{Layers: []masks.Layer{layer}}, 0, "")
		if err != nil {
			t.Fatal(err)
		}
		top := made.(masks.DeviceMask).DeviceSet(masks.Arrays([]masks.Layer{layer})[0]).(masks.KeepTop)
		keys := make([]uint32, len(gradients))
		for i, g := range gradients {
			keys[i] = selection.Key(g) ^ top.Flip
		}
		got := deviceThreshold(t, d, layer, mask, gradients)
		want := selection.Threshold(slices.Clone(keys), top.K, top.Least)
		for i, k := range keys {
			if (k >= got) != (k >= want) {
				t.Fatalf("%v wins: %t by threshold %#x of %d numbers, and not by %#x", gradients[i], k >= got, got, len(keys), want)
			}
		}
	})
}

// deviceThreshold returns the threshold that the device finds. It makes two steps: the
// second must not depend on the first.
func deviceThreshold(t rapid.TB, d gpu.Device, layer masks.Layer, mask *competitive.Competitive, gradients []float32) uint32 {
	t.Helper()
	r := newTrial(t, d, []masks.Layer{layer}, []masks.Rule{withMasks(mask)}, 2, 2)
	defer r.close()
	r.check(r.onDevice.Prepare(0, 2, nil))
	var threshold [2]uint32
	for step := range threshold {
		r.upload(r.gradients, 0, [][]float32{gradients})
		r.check(r.onDevice.Queue())
		word := make([]byte, 4)
		r.check(d.Download(word, r.onDevice.competitions.list[0].record.threshold))
		threshold[step] = binary.LittleEndian.Uint32(word)
	}
	if threshold[0] != threshold[1] {
		t.Errorf("threshold %#x, and %#x the second time", threshold[0], threshold[1])
	}
	return threshold[0]
}
