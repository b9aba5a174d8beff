package meter

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// server is a machine of two sockets, as Linux shows it: 65.7 kJ is the range of
// a counter with steps of 15.3 µJ, 262 kJ that of one with 61 µJ.
func server() sysfs {
	return newSysfs(
		"intel-rapl:0 package-0 1000 262143328850",
		"intel-rapl:0:0 core 900 262143328850",
		"intel-rapl:0:1 dram 70 65712999613",
		"intel-rapl:1 package-1 2000 262143328850",
		"intel-rapl:1:0 uncore 5 262143328850",
		"intel-rapl:1:1 dram 80 65712999613",
		"intel-rapl:2 psys 9000 262143328850",
		"intel-rapl-mmio:0 package-0 1000 262143328850",
		"dtpm:0 package-0 1000 262143328850",
	)
}

// seen describes counters for comparison.
func seen(counters []Counter) (all []string) {
	for _, c := range counters {
		all = append(all, string(c.Part)+" "+c.Name)
	}
	return all
}

// Nothing is counted twice: not the parts of a package, nor what holds packages.
func TestRAPLZones(t *testing.T) {
	amd := newSysfs("intel-rapl:0 package-0 1000 65532610987", "intel-rapl:0:0 core 900 65532610987")
	other := newSysfs("amd-rapl:0 package-0-die-0 1 65532610987", "amd-rapl:1 package-0-die-1 2 65532610987")
	for name, c := range map[string]struct {
		root fs.FS
		want []string
	}{
		"server":                      {server(), []string{"package package-0", "dram dram-0", "package package-1", "dram dram-1"}},
		"AMD":                         {amd, []string{"package package-0"}},
		"AMD by its name, two dies":   {other, []string{"package package-0-die-0", "package package-0-die-1"}},
		"with the kinds' own folders": {withFolders(amd), []string{"package package-0"}},
	} {
		counters, notes, err := openRAPL(c.root)
		if diff := cmp.Diff(c.want, seen(counters)); diff != "" || err != nil || notes != nil {
			t.Errorf("%s: %v, notes %q (-want +got):\n%s", name, err, notes, diff)
		}
	}
}

// withFolders adds the folders of the control types, which hold no counter.
func withFolders(s sysfs) sysfs {
	s.set("intel-rapl/enabled", "1")
	s.set("intel-rapl-mmio/enabled", "1")
	return s
}

func TestRAPLReads(t *testing.T) {
	root := server()
	counters, _, err := openRAPL(root)
	if err != nil {
		t.Fatal(err)
	}
	root.set("intel-rapl:1/energy_uj", "18446744073709551615")
	for i, want := range []uint64{1000, 70, 1<<64 - 1, 80} {
		if got, err := counters[i].Read(); got != want || err != nil {
			t.Errorf("%s: %d, %v, want %d", counters[i].Name, got, err, want)
		}
	}
	if c := counters[1]; c.Range != 65712999613 || c.Unit != 1e-6 {
		t.Errorf("dram-0 has a range of %d counts of %v J", c.Range, c.Unit)
	}
}

// The user is told the one command that helps, with every file that it takes.
func TestRAPLPermissionDenied(t *testing.T) {
	root := server()
	root.broken["intel-rapl:0/energy_uj"] = fs.ErrPermission
	root.broken["intel-rapl:1:1/energy_uj"] = fs.ErrPermission
	root.broken["intel-rapl:1:1/max_energy_range_uj"] = fs.ErrPermission
	root.broken["intel-rapl:0:0/energy_uj"] = fs.ErrPermission // not needed
	_, _, err := openRAPL(root)
	says(t, err, "rapl: permission denied", "`sudo chmod a+r /sys/class/powercap/intel-rapl:0/energy_uj"+
		" /sys/class/powercap/intel-rapl:1:1/energy_uj /sys/class/powercap/intel-rapl:1:1/max_energy_range_uj`")
}

func TestRAPLOffline(t *testing.T) {
	root := server()
	root.broken["intel-rapl:1/energy_uj"] = syscall.ENODATA
	counters, notes, err := openRAPL(root)
	want := []string{"package package-0", "dram dram-0", "dram dram-1"}
	if diff := cmp.Diff(want, seen(counters)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]string{"rapl: package-1 is offline and is left out"}, notes); diff != "" {
		t.Error(diff)
	}
}

func TestRAPLMissing(t *testing.T) {
	edited := func(edit func(sysfs)) fs.FS {
		root := server()
		edit(root)
		return root
	}
	for name, c := range map[string]struct {
		root fs.FS
		says string
		none bool // no hardware, rather than hardware with a fault
	}{
		"no powercap": {sysfs{fstest.MapFS{}, map[string]error{".": fs.ErrNotExist}}, "there is no /sys/class/powercap", true},
		"no zones":    {newSysfs("dtpm:0 x 1 1"), "no processor", true},
		"memory only": {newSysfs("intel-rapl:0:0 dram 1 1"), "no processor", true},
		"hidden":      {sysfs{fstest.MapFS{"intel-rapl:0": {}}, nil}, "container that hides them", true},
		"no count": {edited(func(s sysfs) { delete(s.MapFS, "intel-rapl:0/energy_uj") }),
			"/sys/class/powercap/intel-rapl:0/energy_uj: file does not exist", false},
		"no range": {edited(func(s sysfs) { delete(s.MapFS, "intel-rapl:1:1/max_energy_range_uj") }),
			"/sys/class/powercap/intel-rapl:1:1/max_energy_range_uj: file does not exist", false},
		"empty":      {edited(func(s sysfs) { s.set("intel-rapl:0/energy_uj", "") }), `energy_uj: "", want a number`, false},
		"negative":   {edited(func(s sysfs) { s.set("intel-rapl:0/energy_uj", "-1") }), `energy_uj: "-1", want a number`, false},
		"range of 0": {edited(func(s sysfs) { s.set("intel-rapl:0/max_energy_range_uj", "0") }), "max_energy_range_uj: 0, want", false},
		"long":       {edited(func(s sysfs) { s.set("intel-rapl:0/energy_uj", strings.Repeat("7", 500)) }), "want a number", false},
	} {
		counters, _, err := openRAPL(c.root)
		if counters != nil {
			t.Errorf("%s: counters %v", name, seen(counters))
		}
		says(t, err, "rapl: ", c.says)
		if errors.Is(err, ErrNoHardware) != c.none {
			t.Errorf("%s: %v is ErrNoHardware: %v", name, err, !c.none)
		}
	}
}
