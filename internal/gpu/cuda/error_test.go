//go:build gpu

package cuda

import (
	"strings"
	"testing"
)

// needStub skips a test where the driver is not the stub, which can be told to
// fail. It returns a device that was open, and is closed.
func needStub(t *testing.T) *device {
	t.Helper()
	d := openTest(t)
	if d.info.Name != "stub" {
		t.Skip("this driver does not fail when told to")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return d
}

// What can be wrong with a machine: Open says which call failed, how, and what to do.
func TestOpenFails(t *testing.T) {
	first := needStub(t)
	for setting, want := range map[string][]string{
		"ERGON_STUB_CUINIT=100":  {"cuInit: CUDA_ERROR_NO_DEVICE (100)", "nvidia-smi"},
		"ERGON_STUB_CUINIT=999":  {"cuInit: ", "(999)"},
		"ERGON_STUB_DEVICES=0":   {"cuDeviceGet: CUDA_ERROR_INVALID_DEVICE (101)"},
		"ERGON_STUB_JIT=218":     {"cuModuleLoadDataEx: CUDA_ERROR_INVALID_PTX (218)", "compute capability 7.5", "ptx input, line 9"},
		"ERGON_STUB_MEMORY=1000": {"workspace", "CUDA_ERROR_OUT_OF_MEMORY (2)", "nvidia-smi"},
		"ERGON_STUB_BLAS=1":      {"no cuBLAS", "LD_LIBRARY_PATH", "libcublas.so.13: CUBLAS_STATUS_NOT_INITIALIZED (1)"},
	} {
		t.Run(setting, func(t *testing.T) {
			only13(t)
			name, value, _ := strings.Cut(setting, "=")
			t.Setenv(name, value)
			_, err := open()
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v\nlacks %q", err, part)
				}
			}
		})
	}
	// All is well again, and nothing stayed behind.
	if before, after := first.info.Free, openTest(t).info.Free; before != after {
		t.Errorf("%d bytes were free before, and %d are now", before, after)
	}
}

// only13 keeps a machine's own cuBLAS of another version away from the stub.
func only13(t *testing.T) {
	before := libraries
	libraries = libraries[:1]
	t.Cleanup(func() { libraries = before })
}

func TestNoBLAS(t *testing.T) {
	openTest(t)
	before := libraries
	defer func() { libraries = before }()
	libraries = []string{"libcublas.so.nowhere"}
	_, err := open()
	if err == nil || !strings.Contains(err.Error(), "install CUDA's libcublas") || !strings.Contains(err.Error(), "libcublas.so.nowhere: cannot open") {
		t.Errorf("without a library: %v", err)
	}
}

// What does not fit is refused, and freed memory can be had again.
func TestOutOfMemory(t *testing.T) {
	needStub(t)
	t.Setenv("ERGON_STUB_MEMORY", "200000000")
	d := openTest(t)
	for range 10 {
		p, err := d.Allocate(100_000_000)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Allocate(100_000_000)
		if err == nil || !strings.Contains(err.Error(), "cuMemAlloc of 100000000 bytes: CUDA_ERROR_OUT_OF_MEMORY") {
			t.Errorf("too much memory: %v", err)
		}
		if err := d.Free(p); err != nil {
			t.Fatal(err)
		}
	}
}
