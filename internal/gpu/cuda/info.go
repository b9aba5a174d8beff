//go:build gpu

package cuda

import (
	"fmt"
	"strings"

	"gorgonia.org/cu"

	"ergon/internal/gpu"
)

// Info implements gpu.Device.
func (d *device) Info() gpu.Info { return d.info }

// inspect fills in what the driver knows of the device.
func (d *device) inspect() error {
	name, err := d.number.Name()
	if err != nil {
		return named("cuDeviceGetName", err)
	}
	var major, minor int
	for attribute, value := range map[cu.DeviceAttribute]*int{
		cu.ComputeCapabilityMajor: &major,
		cu.ComputeCapabilityMinor: &minor,
		cu.MultiprocessorCount:    &d.info.Processors,
	} {
		if *value, err = d.number.Attribute(attribute); err != nil {
			return named("cuDeviceGetAttribute", err)
		}
	}
	if d.info.Free, d.info.Memory, err = cu.MemInfo(); err != nil {
		return named("cuMemGetInfo", err)
	}
	d.info.Name = strings.TrimRight(name, "\x00 ")
	d.info.Driver = fmt.Sprintf("%d.%d", cu.Version()/1000, cu.Version()%1000/10)
	d.info.Capability = fmt.Sprintf("%d.%d", major, minor)
	return nil
}
