package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ergon/configs"
	"ergon/train/rundir"
)

// splitArguments separates the config's name, if one is given, from the overrides.
func splitArguments(args []string) (source string, named bool, overrides []string) {
	if len(args) == 0 {
		return "", false, nil
	}
	_, err := os.Stat(args[0]) // a path may hold an equals sign
	if err == nil || !strings.Contains(args[0], "=") {
		return args[0], true, args[1:]
	}
	return "", false, args
}

// loadConfig returns the config that arguments describe, and the files that it is from.
func loadConfig(args []string) (config *configs.Config, files []string, err error) {
	source, named, overrides := splitArguments(args)
	if !named {
		source = configs.DefaultPreset
	}
	config, files, err = configs.LoadFiles(source, overrides)
	return config, files, usage(err)
}

// notOverItself refuses to write a run into a directory that its config was read from,
// or that it begins from.
func notOverItself(files []string, path string) error {
	out, err := os.Stat(path)
	if err != nil {
		return nil
	}
	for _, file := range files {
		from := filepath.Dir(file)
		if info, err := os.Stat(from); err == nil && filepath.Base(file) == rundir.ConfigFile && os.SameFile(info, out) {
			return usage(fmt.Errorf("%s: is a run, and this one would be written over it; out.dir=DIR repeats it elsewhere, --force writes it anew", from))
		}
	}
	return nil
}

// argumentPath is the path that an argument names.
func argumentPath(text string) (string, error) {
	path, err := namedPath(text)
	return path, usage(err)
}
