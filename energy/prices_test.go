package energy

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/internal/schema"
)

// read reads a table that the test writes down.
func read(t *testing.T, text string) *Table {
	t.Helper()
	table, err := readTable("mine.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// same compares joules to the last digits.
func same(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-12*math.Abs(want) {
		t.Errorf("%s: got %s, want %v", what, ratioText(got), want)
	}
}

func ratioText(x *float64) any {
	if x == nil {
		return "none"
	}
	return *x
}

// account is a ledger with something in every column.
func account() *Ledger {
	return NewLedger([]Layer{
		{
			Forward: Pass{MACs: 1000, MACsEffective: 400, WeightReads: 110}, Backward: Pass{MACs: 900, MACsEffective: 300},
			Update:      Update{M0: 7, M1: 0.5, WeightReads: 7, WeightWrites: 7},
			Maintenance: Maintenance{SynapsePresentations: 1100}, ActiveUnits: 30,
		},
		{
			Forward: Pass{MACs: 100, MACsEffective: 50, WeightReads: 11}, Backward: Pass{MACs: 200, MACsEffective: 80, WeightReads: 10},
			Update:      Update{M0: 3, M1: 0.25, WeightReads: 3, WeightWrites: 3},
			Maintenance: Maintenance{SynapsePresentations: 110}, ActiveUnits: 10,
		},
	})
}

// A stage is priced when, and only when, everything that occurred in it is;
// else it says what is missing, and how often it occurred.
func TestPrices(t *testing.T) {
	l := NewLedger([]Layer{{Forward: Pass{MACs: 10, WeightReads: 4}, Update: Update{M0: 2, WeightReads: 2, WeightWrites: 2}}})
	j := read(t, "mac: 1e-12\nweight_read: 2e-12\nadd: null\n").Price(l)
	same(t, "forward", j.Forward, 18e-12)
	same(t, "backward: nothing occurred", j.Backward, 0)
	if j.Update != nil {
		t.Errorf("update %v: writes have no price, want none", *j.Update)
	}
	want := map[Stage]string{Updating: "2 additions of Δw have no price; 2 weight writes have no price"}
	if diff := cmp.Diff(want, j.Unpriced); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A sum that overflows is not known either: JSON has no number for it.
func TestPricesBeyondNumbers(t *testing.T) {
	j := read(t, "mac: 1e308\nweight_read: 0\n").Price(account())
	if want := "its sum is no finite number"; j.Forward != nil || j.Unpriced[Forward] != want {
		t.Errorf("got %v, %q; want none, %q", ratioText(j.Forward), j.Unpriced[Forward], want)
	}
}

// What has a price beyond the arithmetic and the memory is charged besides it;
// what a table says it charges is charged instead.
func TestCharges(t *testing.T) {
	const all = "mac: 1\nac: 1\nweight_read: 10\nweight_write: 100\nadd: 1000\n"
	for name, c := range map[string]struct {
		text                      string
		forward, backward, update float64
	}{
		"arithmetic and memory": {all, 1100 + 1210, 1100 + 100, 10*1000 + 10*10 + 10*100},
		"and more":              {all + "active_unit: 1e5\nsynaptic_change: 1e6\nchange_amount: 1e7\n", 1100 + 1210 + 40e5, 1200, 11100 + 10e6 + 0.75e7},
		"what is said": {
			"active_unit: 1\neffective_mac: 100\nsynaptic_change: 2\ncharges: {forward: [active_unit, effective_mac], backward: [], update: [synaptic_change]}\n",
			40 + 450*100, 0, 20,
		},
		"weights off the chip": {
			all + "dram_read: 1e4\ndram_write: 1e5\ncharges:\n  forward: [mac, dram_read]\n  backward: [mac, dram_read]\n  update: [add, dram_read, dram_write]\n",
			1100 + 121e4, 1100 + 10e4, 10e3 + 10e4 + 10e5,
		},
		"in a unit of its own": {all + "unit: ATP\njoules_per_unit: 2\n", 2 * 2310, 2 * 1200, 2 * 11100},
	} {
		t.Run(name, func(t *testing.T) {
			j := read(t, c.text).Price(account())
			same(t, "forward", j.Forward, c.forward)
			same(t, "backward", j.Backward, c.backward)
			same(t, "update", j.Update, c.update)
			if j.Unit != "J" {
				t.Errorf("in %q", j.Unit)
			}
		})
	}
}

// What a rule remembers lies with the weights, and is charged like them: on the chip, off
// it, or not at all. If it is not known, updates have no price where it would be charged.
func TestMemoryIsPricedLikeWeights(t *testing.T) {
	const all = "mac: 0\nadd: 1\nweight_read: 10\nweight_write: 100\ndram_read: 1e4\ndram_write: 1e5\nsynaptic_change: null\n"
	for name, c := range map[string]struct {
		charges string
		want    float64
		unknown bool // where memory is
	}{
		"on the chip":  {"", 10 + (10+22)*10 + (10+14)*100, true},
		"off the chip": {"charges: {update: [add, dram_read, dram_write]}", 10 + 32*1e4 + 24*1e5, true},
		"reads alone":  {"charges: {update: [weight_read]}", 320, true},
		"not at all":   {"charges: {update: [add]}", 10, false},
		"at no price":  {"ac: 0\ncharges: {update: [add, weight_read]}\njoules_per_unit: 1", 10 + 320, true},
	} {
		t.Run(name, func(t *testing.T) {
			table := read(t, all+c.charges)
			l := account()
			l.Layers[0].Update.Memory, l.Layers[1].Update.Memory = Memory{20, 10, true}, Memory{2, 4, true}
			same(t, "update", table.Price(l).Update, c.want)
			l.ForgetMemory("nobody knows")
			j := table.Price(l)
			if (j.Update == nil) != c.unknown || c.unknown && j.Unpriced[Updating] != "nobody knows" {
				t.Errorf("without knowing: %v, %q", ratioText(j.Update), j.Unpriced[Updating])
			}
		})
	}
	l := account()
	l.ForgetMemory("nobody knows")
	j := read(t, "mac: 0\nadd: null\nweight_read: 0\nweight_write: 1\n").Price(l)
	if want := "nobody knows; 10 additions of Δw have no price"; j.Unpriced[Updating] != want {
		t.Errorf("got %q, want %q", j.Unpriced[Updating], want)
	}
	same(t, "where memory is free", read(t, "mac: 0\nadd: 1\nweight_read: 0\nweight_write: 0\n").Price(l).Update, 10)
}

// What is not known of memory is null in JSON, and null or nothing is not known.
func TestMemoryInJSON(t *testing.T) {
	for text, want := range map[string]Memory{`null`: {}, `{"reads":3,"writes":4}`: {3, 4, true}, `{"reads":0,"writes":0}`: {0, 0, true}} {
		got := Memory{9, 9, true}
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
		if again, err := json.Marshal(want); err != nil || string(again) != text {
			t.Errorf("%+v is written as %s, %v", want, again, err)
		}
	}
	var old Totals // of a run before memory was counted
	if err := json.Unmarshal([]byte(`{"m0": 1}`), &old); err != nil || old.Memory.Known {
		t.Errorf("%+v, %v", old.Memory, err)
	}
}

// Keeping a synapse is priced by the second, so it needs a time.
func TestMaintenance(t *testing.T) {
	j := read(t, "maintenance: 1e-3\nseconds_per_presentation: 0.2\n").Price(account())
	same(t, "maintenance", j.Maintenance, 1210*0.2e-3)
	j = read(t, "maintenance: 1e-3\n").Price(account())
	if want := "1210 synapse·presentations last an unknown time: the table has no seconds_per_presentation"; j.Maintenance != nil || j.Unpriced[Maintaining] != want {
		t.Errorf("got %v, %q", ratioText(j.Maintenance), j.Unpriced[Maintaining])
	}
}

// MACs of binary inputs are accumulates, if these have a price; else the
// hardware multiplies.
func TestAccumulates(t *testing.T) {
	l := account()
	l.BinaryInput = true
	j := read(t, "mac: 10\nac: 1\nweight_read: 0\n").Price(l)
	same(t, "forward", j.Forward, 1000+100*10)
	same(t, "backward", j.Backward, 900+200*10)
	l.total.Sampling = &Sampling{MACs: 70, Additions: 60}
	same(t, "sampling", read(t, "mac: 10\nac: 1\nweight_read: 0\n").Price(l).Sampling, 60+10*10)
	same(t, "sampling that multiplies", read(t, "mac: 10\nweight_read: 0\n").Price(l).Sampling, 70*10)
	j = read(t, "mac: 10\nweight_read: 0\n").Price(l)
	same(t, "forward without a price of accumulates", j.Forward, 1100*10)
	j = read(t, "mac: 10\nac: 1\ncharges: {forward: [mac]}\n").Price(l)
	same(t, "forward that charges no accumulates", j.Forward, 1100*10)
}

func TestBuiltInTables(t *testing.T) {
	for _, name := range Tables() {
		table, err := OpenTable(name)
		if err != nil {
			t.Fatal(err)
		}
		if table.Name != name || table.Source == "" || table.Technology == "" {
			t.Errorf("table %s does not say its name, source and technology: %+v", name, table)
		}
	}
	if _, err := OpenTable("nowhere"); err == nil {
		t.Error("no error for an unknown table")
	}
}

// Horowitz's numbers, ISSCC 2014, as they always were.
func TestHorowitz(t *testing.T) {
	table, err := OpenTable("horowitz45nm")
	if err != nil {
		t.Fatal(err)
	}
	j := table.Price(account())
	same(t, "forward", j.Forward, 1100*4.6e-12+121*50e-12)
	same(t, "backward", j.Backward, 1100*4.6e-12+10*50e-12)
	same(t, "update", j.Update, 10*(0.9e-12+100e-12))
	if j.Maintenance != nil || j.Unpriced[Maintaining] == "" {
		t.Error("leakage has no price")
	}
}

// At the limit, 784-100-10 (N = 79 510) over 60 000 presentations takes
// 6ND·16 kT ln 2 = 1.3148e-9 J at 300 K (Tkachenko, arXiv 2503.09980, eq. 17):
// a multiplication and an addition for each parameter, forward and twice back.
func TestLandauer(t *testing.T) {
	table, err := OpenTable("landauer300K")
	if err != nil {
		t.Fatal(err)
	}
	const products = 79510 * 60000
	j := table.Price(NewLedger([]Layer{{Forward: Pass{MACs: products}, Backward: Pass{MACs: 2 * products}}}))
	if total := *j.Forward + *j.Backward; math.Abs(total-1.3148e-9) > 0.0001e-9 {
		t.Errorf("%v J, want 1.3148e-9", total)
	}
	same(t, "a bit", table.Prices[Add].Joules, 16*1.380649e-23*300*math.Ln2)
}

// A spike of 8000 synapses costs about 7.1e8 ATP (Attwell & Laughlin 2001).
func TestBrain(t *testing.T) {
	table, err := OpenTable("brain_atp")
	if err != nil {
		t.Fatal(err)
	}
	const joulesPerATP = 50e3 / 6.02214076e23
	j := table.Price(NewLedger([]Layer{{ActiveUnits: 1, Forward: Pass{MACsEffective: 8000}, Backward: Pass{MACs: 1}, Update: Update{M0: 1, M1: 1}}}))
	if atp := *j.Forward / joulesPerATP; math.Abs(atp-7.1e8) > 0.03e8 {
		t.Errorf("a spike costs %.4g ATP, want 7.1e8", atp)
	}
	if j.Backward != nil || j.Update != nil {
		t.Error("what is not known has a price")
	}
}

// The source of joules is the table's, with its technology if it names one.
func TestSourceOfJoules(t *testing.T) {
	for text, want := range map[string]string{"source: me\n": "me", "source: me\ntechnology: mine\n": "mine; me"} {
		if got := read(t, text).Price(account()).Source; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The table unit is no energy, and does not say that it is.
func TestUnit(t *testing.T) {
	table, err := OpenTable("unit")
	if err != nil {
		t.Fatal(err)
	}
	j := table.Price(account())
	same(t, "forward", j.Forward, 1100)
	same(t, "update", j.Update, 10)
	same(t, "maintenance", j.Maintenance, 1210)
	if j.Unit != "events" {
		t.Errorf("in %q", j.Unit)
	}
}

// write writes a file in an empty working directory.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpenTables(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "mine.yaml", "mac: 1\n")
	write(t, "deep/mine.yaml", "mac: {price: 2, low: 1, high: 4, source: me}\nname: other\nsource: a notebook\n")
	write(t, "deep/unit.yaml", "mac: 2\n")
	write(t, "deep/twin.yaml", "mac: 2\nname: mine\n")
	write(t, "deep/bad.yaml", "mca: 2\nadd: -1\n")
	tables, err := OpenTables([]string{"./mine.yaml", "horowitz45nm", "deep/mine.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if tables[0].Name != "mine" || !strings.Contains(tables[0].Source, "./mine.yaml") || tables[2].Name != "other" || tables[2].Source != "a notebook" {
		t.Errorf("got %+v and %+v", tables[0], tables[2])
	}
	if p := tables[2].Prices[MAC]; *p.Joules != 2 || *p.Low != 1 || *p.High != 4 || p.Source != "me" {
		t.Errorf("got %+v", p)
	}
	for want, names := range map[string][]string{
		`prices[1]: a price table of the name "mine" is given twice`:                                                                                                      {"mine.yaml", "deep/twin.yaml"},
		`prices[1]: a price table of the name "unit" is given twice`:                                                                                                      {"unit", "unit"},
		`prices[0]: deep/unit.yaml has the name of the built-in table "unit"; give it another, by its key name`:                                                           {"deep/unit.yaml"},
		`prices[0]: unknown price table "units" (price tables: ` + list(Tables()) + `); did you mean "unit"?`:                                                             {"units"},
		`prices[0]: price table: open nowhere.yaml: no such file or directory`:                                                                                            {"nowhere.yaml"},
		`prices[0]: price table: ./deep: is a folder and no file`:                                                                                                         {"./deep"},
		`prices[0]: deep/bad.yaml:1: mca: unknown key (keys: ` + keysOfTable + `); did you mean "mac"?` + "\n" + `prices[0]: deep/bad.yaml:2: add: -1 is outside [0,inf)`: {"deep/bad.yaml"},
	} {
		if _, err := OpenTables(names); err == nil || err.Error() != want {
			t.Errorf("%v:\ngot  %v\nwant %s", names, err, want)
		}
	}
}

const keysOfTable = "ac, accumulated_amount, accumulator_update, active_unit, add, change_amount, charges, dram_read, dram_write, effective_mac, gradient_update, " +
	"joules_per_unit, mac, maintenance, memory_read, memory_write, name, seconds_per_presentation, source, synaptic_change, technology, unit, weight_read, weight_write"

// A wrong table is refused, with the line.
func TestWrongTables(t *testing.T) {
	for text, want := range map[string]string{
		"":                                        "mine.yaml: is empty, want a price table",
		"mac: [":                                  "mine.yaml:1: not YAML: did not find expected node content",
		"mac: 1\n---\nmac: 2\n":                   "mine.yaml:2: a second document begins, and settings are one",
		"- mac\n":                                 "mine.yaml:1: want a mapping (keys: " + keysOfTable + ")",
		"mac: 1\nmac: 2\n":                        "mine.yaml:2: mac: given twice, first on line 1",
		"\nmac: cheap\n":                          `mine.yaml:2: mac: want a number, got "cheap"`,
		"mac: .nan\n":                             `mine.yaml:1: mac: want a number, got ".nan"`,
		"mac: .inf\n":                             `mine.yaml:1: mac: +Inf is outside [0,inf)`,
		"mac: [1]\n":                              `mine.yaml:1: mac: want a number, got a list`,
		"mac: {source: me}\n":                     "mine.yaml:1: mac: has no price, write null where it is not known",
		"mac: {price: 1, lo: 0}\n":                `mine.yaml:1: mac.lo: unknown key (keys: high, low, price, source); did you mean "low"?`,
		"mac: {price: 1, low: 2}\n":               "mine.yaml:1: mac: the price is not within its own range, low to high",
		"joules_per_unit: 0\n":                    "mine.yaml:1: joules_per_unit: 0 is outside (0,inf)",
		"joules_per_unit: 10\nmac: 1e308":         "mine.yaml:1: mac: is no finite number of joules, times joules_per_unit",
		"name: 3\n":                               "mine.yaml:1: name: want a text, got \"3\"; quote it: \"3\"",
		"charges: {forwards: [mac]}\n":            `mine.yaml:1: charges.forwards: unknown key (keys: accumulate, backward, forward, maintenance, sampling, update); did you mean "forward"?`,
		"charges:\n  update: [mac]\n":             `mine.yaml:2: charges.update[0]: "mac" is no event of this stage (weight_read, dram_read, weight_write, dram_write, memory_read, memory_write, add, synaptic_change, change_amount)`,
		"charges: {update: [add,add]}":            "mine.yaml:1: charges.update[1]: add is charged twice",
		"charges: {update: add}":                  "mine.yaml:1: charges.update: want a list of events",
		"mac: &x 1\nadd: *x\n":                    "mine.yaml:1: mac: has an anchor, which settings cannot refer to",
		strings.Repeat("#", schema.MaxDocument+1): "mine.yaml: the document has 1048577 bytes, more than the 1048576 allowed",
	} {
		_, err := readTable("mine.yaml", []byte(text))
		if err == nil {
			t.Errorf("%.40q is accepted", text)
		} else if got, _, _ := strings.Cut(err.Error(), "\n"); got != want {
			t.Errorf("%.40q:\ngot  %s\nwant %s", text, got, want)
		}
	}
}
