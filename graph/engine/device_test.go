package engine_test

import (
	"errors"
	"strings"
	"testing"

	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
)

func TestDeviceConforms(t *testing.T) {
	graphtest.Conform(t, graphtest.OnDevice(t))
}

func TestAutoTakesTheGPUThereIs(t *testing.T) {
	testdevice.Use(t)
	e, err := engine.Spec{Device: "auto", Threads: 1}.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, ok := engine.DeviceOf(e); !ok || !strings.HasPrefix(e.Name(), "gpu (") || e.BLAS() == "" || e.Pool().Workers() != 1 {
		t.Errorf("opened %s with BLAS %s", e.Name(), e.BLAS())
	}
}

// Without a GPU, auto says why, and gpu is an error at its setting.
func TestWithoutGPU(t *testing.T) {
	broken := errors.New("the driver is too old")
	for want, open := range map[string]func() (gpu.Device, error){
		"; no GPU: this program was built without)": nil,
		"; no GPU: the driver is too old)":          func() (gpu.Device, error) { return nil, broken },
	} {
		undo := gpu.Register(open)
		e, err := engine.Spec{Device: "auto", BLAS: "gonum"}.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := engine.DeviceOf(e); ok || !strings.HasPrefix(e.Name(), "cpu (") || !strings.HasSuffix(e.Name(), want) {
			t.Errorf("opened %q, want the cpu, with %q", e.Name(), want)
		}
		e.Close()
		_, direct := gpu.Open()
		if _, err := (engine.Spec{Device: "gpu"}).Open(); err == nil || err.Error() != "engine.device: "+direct.Error() {
			t.Errorf("error %v, want engine.device: %v", err, direct)
		}
		undo()
	}
}
