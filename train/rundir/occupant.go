package rundir

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Why a run cannot have a directory, and the one thing that helps.

// occupant is who has a directory.
type occupant int

const (
	nobody        occupant = iota
	finishedRun            // it has a summary
	unfinishedRun          // it was killed, or goes on
	others                 // files that no run has left
)

// occupantOf looks into a directory, and names some of what is in it.
func occupantOf(path string) (who occupant, some string, err error) {
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) == 0 {
		return nobody, "", err
	}
	const few = 3
	var names []string
	for _, e := range entries[:min(few, len(entries))] {
		names = append(names, e.Name())
	}
	if len(entries) > few {
		names = append(names, "…")
	}
	if onlyBegun(path, entries) {
		return nobody, "", nil
	}
	there := func(file string) bool {
		_, err := os.Stat(filepath.Join(path, file))
		return err == nil
	}
	switch {
	case !there(MetaFile):
		who = others
	case there(SummaryFile):
		who = finishedRun
	default:
		who = unfinishedRun
	}
	return who, strings.Join(names, ", "), nil
}

// onlyBegun says whether a directory holds no more than a run leaves that could not write
// its first file, on a full disk for one: an empty folder for weights, and halves of files.
func onlyBegun(path string, entries []os.DirEntry) bool {
	for _, e := range entries {
		whole, half := strings.CutSuffix(e.Name(), partSuffix)
		if e.Name() == CheckpointsFolder && e.IsDir() {
			inside, err := os.ReadDir(filepath.Join(path, CheckpointsFolder))
			if err == nil && len(inside) == 0 {
				continue
			}
		}
		if !half || !slices.Contains(runFiles, whole) {
			return false
		}
	}
	return true
}

// refusal is the error of a directory that belongs to somebody; nil where force may
// empty it, or nothing is in it.
func refusal(path string, force bool) error {
	who, some, err := occupantOf(path)
	switch {
	case err != nil:
		return unusable(path, err)
	case who == others:
		return fmt.Errorf("%s exists already and is not a run directory (it has %s, and no %s), so that --force would leave it alone too; choose another out.dir", path, some, MetaFile)
	case who == nobody:
		return nil
	case isFile(filepath.Join(path, CheckpointsFolder)):
		return unusable(filepath.Join(path, CheckpointsFolder), nil)
	case force:
		return nil
	case who == unfinishedRun:
		return fmt.Errorf("%s exists already, a run that did not come to its end (it has no %s); write it anew with --force", path, SummaryFile)
	}
	return fmt.Errorf("%s exists already; look at it with `ergon show %s`, or write it anew with --force", path, shellWord(path))
}

// unusable is the error of a path that cannot be a directory to write in.
func unusable(path string, err error) error {
	for above := path; ; above = filepath.Dir(above) {
		if isFile(above) {
			return fmt.Errorf("%s is a file and no directory; choose another out.dir", above)
		} else if above == filepath.Dir(above) {
			return fmt.Errorf("%w; choose another out.dir", err)
		}
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// shellWord returns text as one word that a shell passes on as it is, and that no command
// takes for a flag.
func shellWord(text string) string {
	if strings.HasPrefix(text, "-") {
		text = "./" + text
	}
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("/._-+=@%:,", r)
	}
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
