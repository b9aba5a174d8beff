package configs

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// folder is a folder of YAML files that come with the program. A file's name is
// its path in the folder, without its ending.
type folder struct {
	files embed.FS
	root  string
}

// text returns a file, or false if there is none of that name.
func (f folder) text(name string) ([]byte, bool) {
	text, err := f.files.ReadFile(f.root + "/" + name + ".yaml")
	return text, err == nil
}

// names lists the files.
func (f folder) names() (names []string) {
	err := fs.WalkDir(f.files, f.root, func(file string, _ fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".yaml" {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, f.root+"/"), ".yaml"))
		}
		return err
	})
	if err != nil {
		panic("configs: embedded files cannot be listed")
	}
	return names
}

// list returns the files with what their first comment line says of them.
func (f folder) list() (all []Preset) {
	for _, name := range f.names() {
		text, _ := f.text(name)
		first, _, _ := strings.Cut(string(text), "\n")
		all = append(all, Preset{name, strings.TrimSpace(strings.TrimPrefix(first, "#"))})
	}
	return all
}
