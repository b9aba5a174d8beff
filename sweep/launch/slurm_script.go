package launch

import (
	"fmt"
	"strings"
	"unicode"
)

// slurmScript returns the batch script of a sweep. Tasks of an array differ in
// SLURM_ARRAY_TASK_ID, and arrays in the packs that sbatch is told after the script. The
// program takes the place of the shell, so that signals reach it.
func (s *Sweep) slurmScript(program string) (string, error) {
	for _, path := range []string{s.Folder, program} {
		if strings.ContainsFunc(path, unicode.IsControl) || strings.Contains(path, `\`) {
			return "", fmt.Errorf("%q: Slurm cannot be given a path with a backslash or a line break", path)
		}
	}
	l := s.list.Launch
	options := []string{
		"--job-name=ergon-" + s.Name(),
		"--requeue",
		"--open-mode=append",
		fmt.Sprintf("--signal=B:USR1@%d", l.Slurm.SignalS),
		"--output=" + strings.ReplaceAll(s.path(logsFolder), "%", "%%") + "/%A_%a.log",
		"--ntasks=1",
		fmt.Sprintf("--cpus-per-task=%d", l.CPUs),
	}
	for _, o := range []struct{ name, value string }{
		{"partition", l.Slurm.Partition}, {"account", l.Slurm.Account}, {"qos", l.Slurm.QOS},
		{"time", l.Slurm.Time}, {"mem", l.Slurm.Memory}, {"gres", l.Slurm.GRES},
	} {
		if o.value != "" {
			options = append(options, "--"+o.name+"="+o.value)
		}
	}
	var b strings.Builder
	b.WriteString("#!/bin/sh\n")
	for _, o := range append(options, l.Slurm.Options...) {
		b.WriteString("#SBATCH " + quoteOption(o) + "\n")
	}
	fmt.Fprintf(&b, "\n# submitted as: sbatch --array=0-N SCRIPT --packs LIST\nexec %s sweep work %s --index \"$SLURM_ARRAY_TASK_ID\" --jobs %d --requeues %d \"$@\"\n",
		quote(program), quote(s.Folder), l.CPUs, l.Slurm.Requeues)
	return b.String(), nil
}

// plain are the characters that neither a shell nor sbatch takes for anything else.
func plain(c rune) bool {
	return c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("_./=:,@%+-", c))
}

// quote quotes a word for a shell.
func quote(word string) string {
	if word != "" && strings.IndexFunc(word, func(c rune) bool { return !plain(c) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w)
	}
	return strings.Join(quoted, " ")
}

// quoteOption quotes an option for sbatch's own reading of a script's #SBATCH lines: within
// double quotes, only those and backslashes mean anything.
func quoteOption(option string) string {
	if strings.IndexFunc(option, func(c rune) bool { return !plain(c) }) < 0 {
		return option
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(option) + `"`
}
