package configs

import "embed"

//go:embed presets
var presetFiles embed.FS

var presets = folder{presetFiles, "presets"}

// Preset is a config that comes with the program.
type Preset struct {
	Name    string `json:"name"`    // as in `ergon train NAME`
	Summary string `json:"summary"` // the first comment line of its file
}

// Presets lists the presets by name.
func Presets() []Preset { return presets.list() }
