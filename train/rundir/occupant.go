package rundir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ergon/internal/claim"
)

// Why a run cannot have a directory, and the one thing that helps.

// refusal is the error of a directory that a run cannot have: there are files in it that no
// run has left, or one where a folder must be.
func refusal(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return unusable(path, err)
	}
	var names []string
	for _, e := range entries {
		switch name := e.Name(); {
		case name == MetaFile:
			if checkpoints := filepath.Join(path, CheckpointsFolder); isFile(checkpoints) {
				return unusable(checkpoints, nil)
			}
			return nil
		case claim.Is(name), isUnfinished(name), name == CheckpointsFolder && isEmpty(filepath.Join(path, name)):
			// of a run that was killed, or found the disk full, before it could write its first file
		default:
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	const few = 3
	if len(names) > few {
		names = append(names[:few], "…")
	}
	return fmt.Errorf("%s exists already and is not a run directory (it has %s, and no %s), so that --force would leave it alone too; choose another out.dir", path, strings.Join(names, ", "), MetaFile)
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

func isEmpty(folder string) bool {
	inside, err := os.ReadDir(folder)
	return err == nil && len(inside) == 0
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
