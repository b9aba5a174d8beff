package configs

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed presets
var presets embed.FS

// Preset is a config that comes with the program.
type Preset struct {
	Name    string `json:"name"`    // as in `ergon train NAME`
	Summary string `json:"summary"` // the first comment line of its file
}

// Presets lists the presets by name.
func Presets() (all []Preset) {
	for _, name := range presetNames() {
		text, _ := presetText(name)
		first, _, _ := strings.Cut(string(text), "\n")
		all = append(all, Preset{name, strings.TrimSpace(strings.TrimPrefix(first, "#"))})
	}
	return all
}

// presetNames returns the presets' names: their paths without folder and ending.
func presetNames() (names []string) {
	err := fs.WalkDir(presets, "presets", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".yaml" {
			names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "presets/"), ".yaml"))
		}
		return err
	})
	if err != nil {
		panic("configs: the embedded presets cannot be listed")
	}
	return names
}

func presetText(name string) ([]byte, bool) {
	text, err := presets.ReadFile("presets/" + name + ".yaml")
	return text, err == nil
}
