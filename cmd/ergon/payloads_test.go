//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"ergon/train/rundir"
)

// payloads are texts that make some reader of some language run a program or open a file. In
// each, CANARY is the path of a pipe, which would keep who opens it waiting, and MADE is that
// of a file that a program would make.
var payloads = []string{
	"!!python/object/apply:os.system ['touch MADE']", "!!python/object/new:os.system [touch MADE]", "!!python/name:os.system", "!!python/module:CANARY",
	"!!python/object/apply:subprocess.check_output [[touch, MADE]]", "!!ruby/object:Gem::Installer {i: x}", "!!java/lang.ProcessBuilder [touch MADE]",
	"!!javax.script.ScriptEngineManager [file://CANARY]", "!!js/function 'function() { touch MADE }'", "!!perl/code: touch MADE", "!include CANARY", "!!include CANARY", "!import CANARY", "!file CANARY", "!env HOME", "!secret CANARY",
	"&a [*a]", "<<: CANARY", "$CANARY", "${HOME}", "${file:CANARY}", "$(touch MADE)", "`touch MADE`", "| touch MADE", "; touch MADE ;", "&& touch MADE",
	"{{ os.system('touch MADE') }}", "{% include 'CANARY' %}", "<%= `touch MADE` %>", "#{`touch MADE`}", "${jndi:ldap://127.0.0.1/a}", "${{ secrets.X }}", "%HOME%", "%(HOME)s", "@CANARY", "@include CANARY",
	"file://CANARY", "http://127.0.0.1:9/x", "../../../../../../../../CANARY", "~root/CANARY", "\\\\host\\share", "<!ENTITY x SYSTEM 'file://CANARY'>", "cos\nsystem\n(S'touch MADE'\ntR.", "\x80\x04\x95touch MADE",
}

// places are where a config takes text: one of a name, of a choice, of a path that is not opened
// by what is called, of a number, in a list; a key, and a whole document.
var places = []string{
	"name: PAYLOAD\n", "name: 'QUOTED'\n", "model: {activation: PAYLOAD}\n", "model: {activation: 'QUOTED'}\n", "data: {name: mixture, delta: PAYLOAD}\n", "rule: {mask: [PAYLOAD]}\n", "rule: {mask: 'QUOTED'}\n",
	"out: {dir: 'QUOTED'}\n", "'QUOTED': 1\n", "PAYLOAD: 1\n", "PAYLOAD", "%PAYLOAD\n--- {}\n", "# PAYLOAD\nname: x\n",
}

// Reading a config runs nothing, expands nothing and opens nothing but the config. A text is taken
// as it is, or refused.
func TestConfigsAreOnlyRead(t *testing.T) {
	dir := t.TempDir()
	canary, made := filepath.Join(dir, "canary"), filepath.Join(dir, "made")
	if err := syscall.Mkfifo(canary, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("HOME", filepath.Join(dir, "home"))
	t.Setenv("CANARY", canary)
	names := strings.NewReplacer("CANARY", canary, "MADE", made)
	taken, refusedN := 0, 0
	for _, payload := range payloads {
		payload = names.Replace(payload)
		for _, place := range places {
			text := strings.NewReplacer("PAYLOAD", payload, "QUOTED", strings.ReplaceAll(payload, "'", "''")).Replace(place)
			write(t, []byte(text), dir, "c.yaml")
			root, out := newRoot(), new(strings.Builder)
			root.SetArgs([]string{"configs", "c.yaml"})
			root.SetOut(out)
			root.SetErr(out)
			if err := root.Execute(); err != nil {
				refusedN++
			} else if taken++; strings.Contains(place, "name: 'QUOTED'") && !strings.Contains(payload, "\n") && !strings.Contains(out.String(), strings.ReplaceAll(payload, `\`, `\\`)) && !strings.Contains(out.String(), payload) {
				t.Errorf("%q is not taken as it is:\n%s", text, out)
			}
			if home := filepath.Join(dir, "home"); strings.Contains(text, "HOME") && strings.Contains(out.String(), home) {
				t.Errorf("%q: a variable is expanded:\n%s", text, out)
			}
			if _, err := os.Lstat(made); err == nil {
				t.Fatalf("%q has run a program", text)
			}
		}
	}
	t.Logf("%d payloads in %d places: %d are taken as texts, %d are refused", len(payloads), len(places), taken, refusedN)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("the folder has %v, %v", entries, err)
	}
}

// opened are calls by which a program opens, runs or connects to something, in what strace writes.
var opened = regexp.MustCompile(`(?m)(openat2?|execve|connect|creat|unlinkat|renameat2?|mkdirat|symlinkat|linkat)\(([^\n]*)`)

// Under strace: what a program opens that reads a config with payloads, and goes on from a saved
// state with payloads, is its own folder and what every Go program opens.
func TestWhatIsOpened(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not here")
	}
	dir := t.TempDir()
	const settings = "data.train=400 data.test=20 train.batch=10 train.max_steps=20 checkpoint.every_steps=5 energy.meter=none engine.blas=none out.dir=run -q"
	if e := played(t, dir, "train mixture "+settings); e.code != 0 {
		t.Fatal(e.said)
	}
	if err := os.Remove(filepath.Join(dir, "run", rundir.SummaryFile)); err != nil {
		t.Fatal(err)
	}
	store := statesOf(t, filepath.Join(dir, "run"), 2)
	c, _, err := store.Latest()
	if err != nil || c == nil {
		t.Fatal(err)
	}
	c.Program = strings.Join(payloads, " ")
	if err := store.Write(c); err != nil {
		t.Fatal(err)
	}
	write(t, []byte("name: '${HOME} $(touch made) !include /etc/passwd file:///etc/passwd'\n"), dir, "c.yaml")
	ours := regexp.MustCompile(`^(AT_FDCWD|[0-9]+), "(/proc/[^"]*|/sys/[^"]*|/dev/(null|urandom|nvidia[^"]*)|/etc/(ld\.so\.cache|localtime|nsswitch\.conf|resolv\.conf)|/lib[^"]*|/usr/lib[^"]*|/usr/share/zoneinfo[^"]*|` + regexp.QuoteMeta(dir) + `[^"]*|run[^"]*|c\.yaml|[^/"]*|checkpoints/[^"]*|\.|[^"]*/(ergon[^"/]*|main\.test)|)"`)
	for _, call := range []string{"configs c.yaml", "train mixture " + settings, "train run -q", "show run"} {
		trace := filepath.Join(t.TempDir(), "trace")
		program, err := exec.LookPath("ergon")
		if err != nil {
			t.Fatal(err)
		}
		p := exec.Command(strace, append([]string{"-f", "-e", "trace=%file,connect", "-o", trace, program}, strings.Fields(call)...)...)
		p.Dir = dir
		if out, err := p.CombinedOutput(); err != nil {
			if strings.Contains(string(out), "ptrace") {
				t.Skipf("strace may not trace here: %s", out)
			}
			if !strings.HasPrefix(call, "configs") { // whose name is refused
				t.Fatalf("%s: %v: %s", call, err, out)
			}
		}
		text, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		calls, executed := 0, 0
		for _, m := range opened.FindAllSubmatch(text, -1) {
			calls++
			switch what, args := string(m[1]), string(m[2]); {
			case what == "execve":
				if executed++; executed > 1 {
					t.Errorf("%s runs %s", call, args)
				}
			case what == "connect":
				t.Errorf("%s connects to %s", call, args)
			case !ours.MatchString(args):
				t.Errorf("%s: %s(%s", call, what, args)
			}
		}
		if calls < 5 {
			t.Errorf("%s: only %d calls are seen", call, calls)
		}
	}
}
