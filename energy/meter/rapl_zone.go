package meter

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// What is known of every counter of RAPL (Intel 64 and IA-32 Architectures
// Software Developer's Manual, volume 3, 16.10).
const (
	raplUnit     = 1e-6             // J per count of energy_uj
	raplStep     = 1.0 / (1 << 14)  // J; 61 µJ, or finer
	raplInterval = time.Millisecond // from update to update
	raplLimit    = 1000             // W; twice what the largest socket is specified for
)

// zone is a folder of powercap.
type zone struct {
	root   fs.FS
	folder string // such as intel-rapl:0 or intel-rapl:0:1
	title  string // such as package-0 or dram-0
	part   Part   // "": not counted
}

// identify reads what the zone measures.
func (z *zone) identify() error {
	name, err := z.text("name")
	if err != nil {
		return err
	}
	numbers := strings.Split(z.folder, ":")[1:]
	switch {
	case strings.HasPrefix(name, "package-") && len(numbers) == 1:
		z.part, z.title = Package, name
	case name == "dram":
		z.part, z.title = DRAM, "dram-"+numbers[0]
	}
	return nil
}

// counter returns the zone's counter, once it has read it. Where files may not
// be read the error is a *forbiddenError that lists them.
func (z zone) counter() (Counter, error) {
	c := Counter{
		Kind: "rapl", Name: z.title, Part: z.part,
		Unit: raplUnit, Step: raplStep, Interval: raplInterval, Limit: raplLimit,
		Read: func() (uint64, error) { return z.number("energy_uj") },
	}
	var denied []string
	_, err := c.Read()
	if errors.Is(err, fs.ErrPermission) {
		denied = append(denied, z.path("energy_uj"))
	} else if err != nil {
		return c, err
	}
	c.Range, err = z.number("max_energy_range_uj")
	switch {
	case errors.Is(err, fs.ErrPermission):
		denied = append(denied, z.path("max_energy_range_uj"))
	case err == nil && c.Range == 0:
		err = fmt.Errorf("%s: 0, want the count after which it starts again", z.path("max_energy_range_uj"))
	}
	if len(denied) > 0 {
		return c, &forbiddenError{denied}
	}
	return c, err
}

// path is where a user finds a file of the zone.
func (z zone) path(file string) string { return powercap + "/" + z.folder + "/" + file }

// text returns what is in a file of the zone.
func (z zone) text(file string) (string, error) {
	b, err := fs.ReadFile(z.root, z.folder+"/"+file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", z.path(file), cause(err))
	}
	return strings.TrimSpace(string(b)), nil
}

// number returns the number in a file of the zone.
func (z zone) number(file string) (uint64, error) {
	s, err := z.text(file)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %.32q, want a number", z.path(file), s)
	}
	return n, nil
}

// cause is an error without the path that it was met at, which is one within
// the folder.
func cause(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}

// offline says whether an error is that of a zone without a core that is on.
func offline(err error) bool {
	return errors.Is(err, syscall.ENODATA) || errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ENXIO)
}
