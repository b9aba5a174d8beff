//go:build linux && cgo

package meter

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/NVIDIA/go-nvml/pkg/nvml"
)

// nvidiaCards loads NVIDIA's management library, which comes with the driver,
// the first time it is called. The library stays open as long as the process.
var nvidiaCards = sync.OnceValues(func() ([]card, error) {
	if err := failure(nvml.Init()); err != nil {
		return nil, fmt.Errorf("%w: no NVIDIA driver answers (%w)", ErrNoHardware, err)
	}
	// A function that an old library lacks would end the process.
	if err := nvml.Extensions().LookupSymbol("nvmlDeviceGetTotalEnergyConsumption"); err != nil {
		return nil, fmt.Errorf("the driver is too old to count energy: %w", err)
	}
	count, r := nvml.DeviceGetCount()
	if err := failure(r); err != nil {
		return nil, err
	}
	if count == 0 {
		return nil, fmt.Errorf("%w: the driver has no GPU", ErrNoHardware)
	}
	cards := make([]card, count)
	for i := range cards {
		device, r := nvml.DeviceGetHandleByIndex(i)
		if err := failure(r); err != nil {
			return nil, fmt.Errorf("GPU %d: %w", i, err)
		}
		cards[i] = nvidiaCard{device}
	}
	return cards, nil
})

// nvidiaCard is a card behind the library.
type nvidiaCard struct{ nvml.Device }

var _ card = nvidiaCard{}

// Name implements card.
func (c nvidiaCard) Name() (string, error) {
	name, r := c.GetName()
	return name, failure(r)
}

// Millijoules implements card.
func (c nvidiaCard) Millijoules() (uint64, error) {
	n, r := c.GetTotalEnergyConsumption()
	return n, failure(r)
}

// Computes implements card.
func (c nvidiaCard) Computes(process int) (bool, error) {
	all, r := c.GetComputeRunningProcesses()
	return slices.ContainsFunc(all, func(p nvml.ProcessInfo) bool { return int(p.Pid) == process }), failure(r)
}

// failure is the error of a call that returned r.
func failure(r nvml.Return) error {
	if r == nvml.SUCCESS {
		return nil
	}
	return errors.New(r.Error())
}
