package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"ergon/internal/atomicfile"
	"ergon/internal/atomicfile/disktest"
	"ergon/internal/safetensors"
)

// text is a checkpoint's file.
func text(t testing.TB, c *Checkpoint) []byte {
	t.Helper()
	d := disktest.New()
	if err := open(t, d).Write(c); err != nil {
		t.Fatal(err)
	}
	return d.Files()[fileName(c.Step)].Data
}

// put makes a file of a disk.
func put(t testing.TB, d *disktest.Disk, name string, data []byte) {
	t.Helper()
	f, err := d.Create(name)
	if err == nil {
		_, err = f.Write(data)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// resealed is a file with the digest of what it is now, as somebody may give it who
// wants it to be taken for a checkpoint.
func resealed(text []byte) []byte {
	if len(text) < digestAt+len(noDigest) || string(text[8:digestAt]) != beforeDigest {
		return text
	}
	text = bytes.Clone(text)
	copy(text[digestAt:], noDigest)
	sum := sha256.Sum256(text)
	hex.Encode(text[digestAt:], sum[:])
	return text
}

// A checkpoint that is cut off anywhere, or has a bit flipped anywhere, is skipped, the
// one before it is loaded, and it is said.
func TestDamaged(t *testing.T) {
	older, newer := saved(0), text(t, fixed())
	older.Step = 0
	old := text(t, older)
	check := func(what string, damaged []byte) {
		d := disktest.New()
		put(t, d, "step-000000.safetensors", old)
		put(t, d, "step-000001.safetensors", damaged)
		c, skipped, err := open(t, d).Latest()
		if c == nil || c.Step != 0 || err != nil || len(skipped) != 1 || !strings.HasPrefix(skipped[0].Error(), filepath.Join("run", "step-000001.safetensors")+": ") {
			t.Fatalf("%s: loaded %+v, skipped %v, %v", what, c, skipped, err)
		}
	}
	for n := range newer {
		check(fmt.Sprintf("the first %d bytes", n), newer[:n])
	}
	check("a byte more", append(bytes.Clone(newer), ' '))
	check("zeros", make([]byte, len(newer)))
	for at := range newer {
		for bit := range 8 {
			newer[at] ^= 1 << bit
			if _, err := read(bytes.NewReader(newer), int64(len(newer))); err == nil {
				t.Fatalf("bit %d of byte %d is flipped, and the file is read", bit, at)
			}
			newer[at] ^= 1 << bit
		}
	}
	check("the last bit", append(bytes.Clone(newer[:len(newer)-1]), newer[len(newer)-1]^1))
}

// rewritten is a checkpoint's file whose metadata somebody has changed.
func rewritten(t testing.TB, change func([]safetensors.Entry) []safetensors.Entry) []byte {
	t.Helper()
	metadata, arrays, err := fixed().contents()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := safetensors.Write(&b, change(metadata), arrays); err != nil {
		t.Fatal(err)
	}
	return resealed(b.Bytes())
}

// Files that are whole and no checkpoints: what is said of each.
func TestHostile(t *testing.T) {
	header := func(text string) []byte {
		return rewritten(t, func(m []safetensors.Entry) []safetensors.Entry {
			m[1].Text = []byte(text)
			return m
		})
	}
	for want, damaged := range map[string][]byte{
		"the file ends within its first 8 bytes": nil,
		`does not begin with the key "sha256"`:   rewritten(t, func(m []safetensors.Entry) []safetensors.Entry { return m[1:] }),
		`no checkpoint`:                          rewritten(t, func([]safetensors.Entry) []safetensors.Entry { return nil }),
		`the key "ergon" is missing`:             rewritten(t, func(m []safetensors.Entry) []safetensors.Entry { return m[:1] }),
		`ergon: not JSON`:                        header(`{"format":1`),
		"ergon: not JSON: \"{} {}\"":             header(`{} {}`),
		`ergon: json: cannot unmarshal array`:    header(`[]`),
		`ergon: json: cannot unmarshal string`:   header(`{"format":"1","step":1}`),
		`cannot unmarshal number 1.5`:            header(`{"format":1,"step":1.5}`),
		`cannot unmarshal number 1e99`:           header(`{"format":1,"step":1e99}`),
		`ergon: json: unknown field "pickle"`:    header(`{"format":1,"step":1,"pickle":"x"}`),
		`ergon: format 0, step 1`:                header(`{"step":1}`),
		`ergon: format -1`:                       header(`{"format":-1,"step":1}`),
		`ergon: format 1, step -1`:               header(`{"format":1}`),
		`ergon: format 1, step -7`:               header(`{"format":1,"step":-7}`),
		`the file has been renamed`:              header(`{"format":1,"step":2}`),
		`ergon: 70030 bytes, and at most 65536`:  header(`{"format":1,"step":1,"program":"` + strings.Repeat("x", 70030-34) + `"}`),
		`the key "torch", which no checkpoint has`: rewritten(t, func(m []safetensors.Entry) []safetensors.Entry {
			return append(m, safetensors.Entry{Key: "torch", Text: []byte("1")})
		}),
		`run: not JSON: ""`: rewritten(t, func(m []safetensors.Entry) []safetensors.Entry {
			m[2].Text = nil
			return m
		}),
		`run: not JSON: "[[`: rewritten(t, func(m []safetensors.Entry) []safetensors.Entry {
			m[2].Text = bytes.Repeat([]byte("["), 1<<20)
			return m
		}),
		`state.mask: not JSON: "{} x"`: rewritten(t, func(m []safetensors.Entry) []safetensors.Entry {
			m[4].Text = []byte("{} x")
			return m
		}),
	} {
		d := disktest.New()
		put(t, d, "step-000001.safetensors", damaged)
		var c *Checkpoint
		var skipped []error
		var err error
		allocated := allocations(func() { c, skipped, err = open(t, d).Latest() })
		if c != nil || err != nil || len(skipped) != 1 || !strings.Contains(skipped[0].Error(), want) {
			t.Errorf("loaded %+v, skipped %v, %v, want %s", c, skipped, err, want)
		}
		if most := bound(len(damaged)); allocated > most {
			t.Errorf("%s: allocated %d bytes, at most %d are allowed", want, allocated, most)
		}
	}
}

// What a later version has written is not skipped: the run would go back in silence.
func TestNewerFormat(t *testing.T) {
	d := disktest.New()
	put(t, d, "step-000000.safetensors", text(t, saved(0)))
	put(t, d, "step-000001.safetensors", rewritten(t, func(m []safetensors.Entry) []safetensors.Entry {
		m[1].Text = []byte(`{"format":2,"step":{"epoch":1}}`)
		return m
	}))
	c, _, err := open(t, d).Latest()
	if c != nil || !errors.Is(err, ErrNewer) || !strings.HasPrefix(err.Error(), filepath.Join("run", "step-000001.safetensors")+": ") {
		t.Errorf("loaded %+v, %v", c, err)
	}
}

// The last are kept, later ones of a run that has gone back are not, and files that are
// no checkpoints stay.
func TestKept(t *testing.T) {
	d := disktest.New()
	others := []string{"final.npz", "final.npz.part", "notes.txt", "step-1.safetensors", "step-+00001.safetensors", "step-000001.safetensors.bak", "step-0000001.safetensors", "step-99999999999999999999.safetensors"}
	for _, name := range others {
		put(t, d, name, []byte(name))
	}
	put(t, d, "step-000003.safetensors.part", []byte("half"))
	put(t, d, "step-000900.safetensors", []byte("damaged"))
	s := open(t, d)
	for _, test := range []struct {
		step int
		want []int
	}{{1, []int{1}}, {2, []int{1, 2}}, {1_000_000, []int{2, 1_000_000}}, {999_999, []int{2, 999_999}}, {999_999, []int{2, 999_999}}, {1, []int{1}}, {0, []int{0}}} {
		c := saved(0)
		c.Step = test.step
		if err := s.Write(c); err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(others)
		for _, step := range test.want {
			want = append(want, fileName(step))
		}
		slices.Sort(want)
		if got := d.Names(); !slices.Equal(got, want) {
			t.Errorf("after step %d: %q, want %q", test.step, got, want)
		}
		if c, skipped, err := s.Latest(); err != nil || skipped != nil || c.Step != test.step {
			t.Errorf("after step %d: loaded %+v, %v, %v", test.step, c, skipped, err)
		}
	}
	if err := s.Clear(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(others)
	if got := d.Names(); !slices.Equal(got, others) {
		t.Errorf("cleared: %q, want %q", got, others)
	}
}

// Folders and links under the name of a checkpoint are skipped; a link does not
// lead out of the folder, neither for reading nor for writing.
func TestNoPlainFiles(t *testing.T) {
	folder, outside := t.TempDir(), filepath.Join(t.TempDir(), "other")
	good := text(t, fixed())
	if err := errors.Join(
		os.WriteFile(outside, good, 0o644),
		os.WriteFile(filepath.Join(folder, fileName(1)), good, 0o644),
		os.MkdirAll(filepath.Join(folder, fileName(2), "x"), 0o755),
	); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{fileName(3), fileName(4) + atomicfile.Suffix} {
		if err := os.Symlink(outside, filepath.Join(folder, name)); err != nil {
			t.Skip(err)
		}
	}
	s := inFolder(t, folder)
	if c, skipped, err := s.Latest(); err != nil || len(skipped) != 2 || c == nil || c.Step != 1 {
		t.Errorf("loaded %+v, skipped %v, %v", c, skipped, err)
	}
	c := fixed()
	for _, c.Step = range []int{3, 4} {
		if err := s.Write(c); err != nil {
			t.Error(err)
		}
	}
	if now, err := os.ReadFile(outside); err != nil || !bytes.Equal(now, good) {
		t.Errorf("the file outside of the folder is another: %v", err)
	}
	if c, _, err := s.Latest(); err != nil || c == nil || c.Step != 4 {
		t.Errorf("loaded %+v, %v", c, err)
	}
}

// A disk that cannot be read is said to be one.
func TestUnreadable(t *testing.T) {
	d := disktest.New()
	if err := open(t, d).Write(fixed()); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if c, skipped, err := open(t, unreadable{d, broken}).Latest(); c != nil || err != nil || len(skipped) != 1 || !errors.Is(skipped[0], broken) {
		t.Errorf("loaded %+v, skipped %v, %v", c, skipped, err)
	}
}

type unreadable struct {
	*disktest.Disk
	err error
}

func (u unreadable) Open(name string) (fs.File, error) {
	if name == "." {
		return u.Disk.Open(name)
	}
	return nil, u.err
}

// bound is how many bytes reading a file of a size may allocate.
func bound(size int) uint64 { return 2*uint64(size) + 1<<20 }

// allocations is how many bytes f allocates, what is free again included.
func allocations(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func FuzzCheckpoint(f *testing.F) {
	f.Add(text(f, fixed()))
	f.Add(text(f, saved(0)))
	for _, key := range []string{headerKey, runKey, statePrefix + "x"} {
		f.Add(rewritten(f, func(m []safetensors.Entry) []safetensors.Entry {
			return append(m[:1], safetensors.Entry{Key: key, Text: []byte(`{"format":1,"step":0}`)})
		}))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		text = resealed(text) // or no mutant would be looked into
		var c *Checkpoint
		var err error
		allocated := allocations(func() { c, err = read(bytes.NewReader(text), int64(len(text))) })
		if most := bound(len(text)); allocated > most {
			t.Errorf("allocated %d bytes, at most %d are allowed", allocated, most)
		}
		if err != nil {
			return
		}
		d := disktest.New()
		s := open(t, d)
		if err := s.Write(c); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, skipped, err := s.Latest()
		if err != nil || skipped != nil {
			t.Fatal(err, skipped)
		}
		if diff := difference(c, again); diff != "" {
			t.Errorf("(-read +written):\n%s", diff)
		}
	})
}
