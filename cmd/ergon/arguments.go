package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/theory"
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

// flagError is what is said of a flag that cannot be used: that of a setting has no dashes.
func flagError(c *cobra.Command, err error) error {
	hint := ""
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok && strings.Contains(c.Use, "key=value") {
		if path := settingNamed(c, unknown.GetSpecifiedName()); path != "" {
			hint = fmt.Sprintf("; a setting has no dashes: %s=…", path)
		}
	}
	return usage(fmt.Errorf("%w%s; see `%s --help`", err, hint, c.CommandPath()))
}

// settingNamed returns the path of the first setting of a verb that a word names, by its
// path or by its last key.
func settingNamed(c *cobra.Command, word string) string {
	var all []string
	if c.Name() == "theory" {
		for _, kind := range theory.Theories.Kinds() {
			for _, f := range kind.Fields {
				all = append(all, f.Key)
			}
		}
	} else {
		for _, s := range schema.Settings(configs.Default()) {
			all = append(all, s.Path)
		}
	}
	for _, path := range all {
		if path == word || strings.HasSuffix(path, "."+word) {
			return path
		}
	}
	return ""
}
