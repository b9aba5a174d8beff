package meter

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
)

func init() {
	register(kind{
		name:  "rapl",
		open:  func(string) ([]Counter, []string, error) { return openRAPL(os.DirFS(powercap)) },
		suits: func(string) bool { return true },
	})
}

// powercap is where Linux shows the counters of RAPL (running average power
// limit), of Intel's and AMD's processors alike: Documentation/power/powercap.
const powercap = "/sys/class/powercap"

// zoneName matches folders of zones, and of zones within zones. What
// intel-rapl-mmio shows are the same packages once more.
var zoneName = regexp.MustCompile(`^[a-z]+-rapl:[0-9]+(:[0-9]+)?$`)

// openRAPL returns the counters of processors and memory in a powercap folder.
// Cores and integrated graphics are in their package, and psys holds packages:
// counting these too would count twice.
func openRAPL(root fs.FS) (counters []Counter, notes []string, err error) {
	zones, err := listZones(root)
	if err != nil {
		return nil, nil, fmt.Errorf("rapl: %w", err)
	}
	var denied []string
	for _, z := range zones {
		c, err := z.counter()
		forbidden := new(forbiddenError)
		switch {
		case errors.As(err, &forbidden):
			denied = append(denied, forbidden.paths...)
		case offline(err):
			notes = append(notes, fmt.Sprintf("rapl: %s is offline and is left out", z.title))
		case err != nil:
			return nil, nil, fmt.Errorf("rapl: %w", err)
		default:
			counters = append(counters, c)
		}
	}
	if len(denied) > 0 {
		return nil, nil, fmt.Errorf("rapl: %w", &forbiddenError{denied})
	}
	if !slices.ContainsFunc(counters, func(c Counter) bool { return c.Part == Package }) {
		return nil, nil, fmt.Errorf("rapl: %w: %s has no processor that can be measured", ErrNoHardware, powercap)
	}
	return counters, notes, nil
}

// listZones finds the zones that are counted: packages, and the memory of each.
func listZones(root fs.FS) (zones []zone, err error) {
	entries, err := fs.ReadDir(root, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is no %s; it takes Linux on a processor of Intel's or AMD's, and not a virtual machine or a container that hides it", ErrNoHardware, powercap)
	} else if err != nil {
		return nil, err
	}
	hidden := false
	for _, e := range entries {
		if !zoneName.MatchString(e.Name()) {
			continue
		}
		z := zone{root: root, folder: e.Name()}
		switch err := z.identify(); {
		case errors.Is(err, fs.ErrNotExist):
			hidden = true
		case err != nil:
			return nil, err
		case z.part != "":
			zones = append(zones, z)
		}
	}
	if hidden && len(zones) == 0 {
		return nil, fmt.Errorf("%w: the zones in %s cannot be opened, as in a container that hides them; run outside it", ErrNoHardware, powercap)
	}
	slices.SortFunc(zones, func(a, b zone) int { return cmp.Compare(a.folder, b.folder) })
	return zones, nil
}

// forbiddenError is that of counters which the user may not read.
type forbiddenError struct{ paths []string }

func (e *forbiddenError) Error() string {
	return fmt.Sprintf("permission denied; `sudo chmod a+r %s` grants it until the machine is started anew", strings.Join(e.paths, " "))
}
