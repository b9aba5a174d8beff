package sweep

import (
	"fmt"
	"strings"
	"sync"

	"ergon/datasets"
	"ergon/energy"
	"ergon/train"
	"ergon/train/rundir"
)

// audit asks whether finished cells are still results of what their configs name: the
// data and the price tables, by content. And it sees to it that all runs of a call learn
// from the same data.
type audit struct {
	note      func(string)
	mu        sync.Mutex
	now       map[datasets.Spec]*present
	changed   []string // cells whose data or prices are others now, and how
	unchecked int      // finished cells of versions that recorded no digests
	remarked  map[string]bool
}

// present is what the data of a spec are now, or why that is not known.
type present struct {
	content datasets.Content
	err     error
}

func newAudit(note func(string)) *audit {
	if note == nil {
		note = func(string) {}
	}
	return &audit{note: note, now: map[datasets.Spec]*present{}, remarked: map[string]bool{}}
}

// look decides whether a finished cell is reused. One that is damaged is run anew.
func (a *audit) look(o *Outcome) {
	problem := damage(o)
	var meta *rundir.Meta
	if problem == "" {
		meta, _ = o.Directory.Meta() // damage has read it
		if meta.Data == nil && datasets.StandardSince(o.Config.Data) {
			problem = "was run when data.transform=standard took MNIST's mean and deviation for every set"
		}
	}
	if problem != "" {
		a.note(fmt.Sprintf("%s %s: it is run anew", o.name(), problem))
		o.reset()
		return
	}
	if what, digests := a.compare(o, meta); what != "" {
		a.changed = append(a.changed, fmt.Sprintf("%s of %s changed since it ran%s", what, o.name(), digests))
	}
}

// name is how messages call a cell.
func (o *Outcome) name() string {
	return fmt.Sprintf("cell %s (%s, seed %d)", o.Directory.Base(), o.Label, o.Seed)
}

// compare returns what changed of what a cell's config names, and its digests; "" if nothing
// did or nothing is known.
func (a *audit) compare(o *Outcome, meta *rundir.Meta) (what, digests string) {
	if meta.Data == nil {
		if a.namesFiles(o) {
			a.unchecked++
		}
		return "", ""
	}
	now := a.dataOf(o)
	switch {
	case now.err != nil:
		a.once(fmt.Sprintf("data of finished cells cannot be checked: %v", now.err))
	case now.content.Digest != meta.Data.SHA256:
		return "data", thenAndNow(meta.Data.SHA256, now.content.Digest)
	}
	for _, table := range o.tables() {
		for _, p := range meta.Prices {
			if table.SHA256 == "" || p.Name == table.Name && p.SHA256 != table.SHA256 {
				return "price table " + table.File, thenAndNow(p.SHA256, table.SHA256)
			}
		}
	}
	return "", ""
}

// dataOf returns what a cell is to learn from.
func (a *audit) dataOf(o *Outcome) *present {
	if o.Sources != nil {
		return &present{content: datasets.Content{Digest: o.Sources.Data}}
	}
	return a.presentOf(o.Config.Data)
}

// namesFiles says whether a cell's config names anything that could have changed.
func (a *audit) namesFiles(o *Outcome) bool {
	for _, name := range o.Config.Energy.Prices {
		if energy.IsFile(name) {
			return true
		}
	}
	return !datasets.InProgram(o.Config.Data)
}

// presentOf reads what the data of a spec are, once a call.
func (a *audit) presentOf(spec datasets.Spec) *present {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.now[spec] == nil {
		content, err := datasets.ContentOf(spec)
		a.now[spec] = &present{content, err}
	}
	return a.now[spec]
}

// begun checks what a run that begins has read against what its cell is to run with, and
// the data against those of the other runs of this call; it passes on what is odd about them.
func (a *audit) begun(o *Outcome, r *train.Run) error {
	spec, data := o.Config.Data, r.Data
	if err := o.Sources.check(r); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.now[spec] == nil || a.now[spec].err != nil {
		a.now[spec] = &present{content: data.Content}
	}
	if then := a.now[spec].content.Digest; then != data.Content.Digest {
		return fmt.Errorf("data changed while the benchmark ran%s", thenAndNow(then, data.Content.Digest))
	}
	if data.Remark != "" {
		a.onceLocked(datasets.Kinds.Name(spec) + ": " + data.Remark)
	}
	return nil
}

// once passes on a remark that has not been made yet.
func (a *audit) once(text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.onceLocked(text)
}

func (a *audit) onceLocked(text string) {
	if !a.remarked[text] {
		a.remarked[text] = true
		a.note(text)
	}
}

// verdict is an error if finished cells are results of other data or prices than now.
func (a *audit) verdict() error {
	if a.unchecked > 0 {
		a.note(fmt.Sprintf("%d finished cells are of a version that did not record its data and prices: whether these changed since cannot be checked", a.unchecked))
	}
	if len(a.changed) == 0 {
		return nil
	}
	const most = 3
	listed, more := a.changed, ""
	if len(listed) > most {
		listed, more = listed[:most], fmt.Sprintf("\n… and so did those of %d more cells", len(a.changed)-most)
	}
	return fmt.Errorf("%s%s: --force runs all cells anew, another --out keeps the old ones", strings.Join(listed, "\n"), more)
}

// thenAndNow names two digests, nothing where one is not known.
func thenAndNow(then, now string) string {
	if then == "" || now == "" {
		return ""
	}
	return fmt.Sprintf(" (SHA-256 %.12s… then, %.12s… now)", then, now)
}
