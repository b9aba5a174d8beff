package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/theory"
)

// flagError is what is said of a flag that cannot be used. One that has the name of a
// setting was meant as that.
func flagError(c *cobra.Command, err error) error {
	hint := ""
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		word := unknown.GetSpecifiedName()
		if all := unknown.GetSpecifiedShortnames(); all != "" { // one dash: -seed=1
			word, _, _ = strings.Cut(all, "=")
		}
		hint = settingHint(c, word, os.Args[1:])
	}
	return usage(fmt.Errorf("%w%s; see `%s --help`", err, hint, c.CommandPath()))
}

// settingHint says how the settings that a word names are written for a command, with the
// value that stands after the word among the arguments; "" if there are none.
func settingHint(c *cobra.Command, word string, args []string) string {
	const most = 3
	paths := settingsNamed(c, word)
	if len(paths) == 0 || len(paths) > most {
		return ""
	}
	for i, path := range paths {
		paths[i] = path + "=" + valueAfter(word, args)
	}
	if c.Flags().Lookup("set") != nil {
		return "; settings are written --set " + strings.Join(paths, " or --set ")
	}
	return "; settings are written " + strings.Join(paths, " or ") + ", without dashes"
}

// settingsNamed returns the paths of a command's settings that a word names, by the path,
// its beginning or its last key.
func settingsNamed(c *cobra.Command, word string) (paths []string) {
	var all []string
	switch {
	case c.Name() == "theory":
		for _, kind := range theory.Theories.Kinds() {
			for _, f := range kind.Fields {
				all = append(all, f.Key)
			}
		}
	case strings.Contains(c.Use, "key=value") || c.Flags().Lookup("set") != nil:
		for _, s := range schema.Settings(configs.Default()) {
			all = append(all, s.Path)
		}
	}
	for _, path := range all {
		rest, within := strings.CutPrefix(path, word)
		switch {
		case within && (rest == "" || rest[0] == '.' || rest[0] == '['):
			return []string{word}
		case strings.HasSuffix(path, "."+word) && !slices.Contains(paths, path):
			paths = append(paths, path)
		}
	}
	return paths
}

// valueAfter returns what the arguments give the flag called word, … if that is not to be
// seen.
func valueAfter(word string, args []string) string {
	for i, arg := range args {
		name, value, assigned := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if name != word || arg == name {
			continue
		}
		if !assigned && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			value = args[i+1]
		}
		return cmp.Or(value, "…")
	}
	return "…"
}
