//go:build linux

package emulator

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// flags make C's arithmetic Go's: no fused multiply-add, no reordering.
var flags = []string{"-std=gnu11", "-O3", "-ffp-contract=off", "-shared", "-fPIC", "-Wall", "-Werror", "-x", "c"}

// compile returns the compiled kernels' file, made once for each state of their source.
var compile = sync.OnceValues(func() (string, error) {
	compiler := ""
	for _, name := range []string{os.Getenv("CC"), "cc", "gcc", "clang"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			compiler = path
			break
		}
	}
	if compiler == "" {
		return "", ErrNoCompiler
	}
	root, err := root()
	if err != nil {
		return "", err
	}
	arguments := append(append([]string{}, flags...), strings.Fields(os.Getenv("ERGON_EMULATOR_CFLAGS"))...)
	digest, err := digest(root, append(arguments, compiler))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	folder := filepath.Join(cache, "ergon-emulator")
	file := filepath.Join(folder, digest+".so")
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	return file, build(compiler, arguments, filepath.Join(root, "internal/gpu/emulator/emulator.cu"), file)
})

// ErrNoCompiler is Open's error where the kernels cannot be compiled.
var ErrNoCompiler = errors.New("no C compiler (cc, gcc or clang, or CC in the environment)")

// build compiles into a temporary file and renames it: tests of several
// packages may be at it at the same time.
func build(compiler string, arguments []string, source, file string) error {
	partial, err := os.CreateTemp(filepath.Dir(file), "*.partial")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(partial.Name()) }() // gone, where it was renamed
	if err := partial.Close(); err != nil {
		return err
	}
	arguments = append(append([]string{}, arguments...), source, "-o", partial.Name(), "-lm")
	if text, err := exec.Command(compiler, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("compiling the kernels: %w\n%s", err, text)
	}
	return os.Rename(partial.Name(), file)
}

// root returns the folder of the module's source.
func root() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(here), "../../..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		return "", fmt.Errorf("the source of the kernels is not where this was built: %w", err)
	}
	return root, nil
}

// digest identifies the source of the kernels and how they are compiled.
func digest(root string, arguments []string) (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, arguments)
	for _, pattern := range []string{"*/*.cu*", "*/*/*.cu*", "internal/gpu/emulator/*.cu"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return "", err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			fmt.Fprintln(hash, file, len(text))
			hash.Write(text)
		}
	}
	return fmt.Sprintf("%x", hash.Sum(nil)[:12]), nil
}
