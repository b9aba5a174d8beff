package datasets

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// published is a set of files that the world shares: what they contain to the
// byte, where they usually lie, and where they can be had.
type published struct {
	name        string
	train, test int       // examples
	shape       []int     // of one input
	standard    *standard // of the training pixels, as published; nil: to be computed
	files       []file
	compressed  bool     // files may lie compressed, as name.gz, and are offered so
	url         string   // the folder the files are offered in, or the archive
	archive     *archive // nil: the files are offered one by one
	places      []string // folders to look in besides the cache
	hint        string   // how else to get the set
	torchvision string   // the folder that torchvision makes for the set
	builtin     fs.FS    // the files, where they are part of the program
}

// file is one file by its content: what a mirror compressed anew is the same file. One
// that is called .gz is known only as it was published, compressed.
type file struct {
	name   string
	size   int64  // bytes, decompressed unless the name ends in .gz
	sha256 string // of these bytes, in hex
}

// isPacked says whether the file is known by its compressed form.
func (f file) isPacked() bool { return strings.HasSuffix(f.name, ".gz") }

// archive is a tar.gz that holds the files in one folder.
type archive struct {
	file          // of the archive as it is, compressed
	folder string // in the archive
}

// catalogue holds the published sets by name.
var catalogue = map[string]*published{}

// publish adds a set to the catalogue. It is meant for a package variable.
func publish(p *published) *published {
	if catalogue[p.name] != nil {
		panic("datasets: set published twice")
	}
	catalogue[p.name] = p
	return p
}

// Fetchable returns the names of the sets that Fetch knows, sorted.
func Fetchable() []string { return slices.Sorted(maps.Keys(catalogue)) }

// CacheDir returns the folder where Fetch puts a set by default: ergon/name in
// the user's cache.
func CacheDir(name string) (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for downloads: %w", err)
	}
	return filepath.Join(dir, "ergon", name), nil
}
