package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ergon/configs"
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

// loadConfig returns the config that arguments describe, and the source they name.
func loadConfig(args []string) (config *configs.Config, source string, err error) {
	source, named, overrides := splitArguments(args)
	if !named {
		source = configs.DefaultPreset
	}
	config, err = configs.Load(source, overrides)
	return config, source, usage(err)
}

// notOverItself refuses to write a run into the directory that its config was read from.
func notOverItself(source, path string) error {
	info, err := os.Stat(source)
	if err != nil {
		return nil
	}
	if !info.IsDir() {
		if info, err = os.Stat(filepath.Dir(source)); err != nil || filepath.Base(source) != "config.yaml" {
			return nil
		}
	}
	if out, err := os.Stat(path); err != nil || !os.SameFile(info, out) {
		return nil
	}
	return usage(fmt.Errorf("%s: is a run, and this one would be written over it; out.dir=DIR repeats it elsewhere, --force writes it anew", source))
}

// argumentPath is the path that an argument names.
func argumentPath(text string) (string, error) {
	path, err := namedPath(text)
	return path, usage(err)
}
