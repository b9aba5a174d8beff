package main

import (
	"os"
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

// loadConfig returns the config that arguments describe.
func loadConfig(args []string) (config *configs.Config, err error) {
	source, named, overrides := splitArguments(args)
	if !named {
		source = configs.DefaultPreset
	}
	config, err = configs.Load(source, overrides)
	return config, usage(err)
}

// argumentPath is the path that an argument names.
func argumentPath(text string) (string, error) {
	path, err := namedPath(text)
	return path, usage(err)
}
