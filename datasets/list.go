package datasets

// Listing describes a data set to a reader.
type Listing struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	Source  string `json:"source"`
	Found   string `json:"found"`           // folder, "embedded mnist", "generated", or "" if not on this machine
	Hint    string `json:"hint,omitempty"`  // how to get a set that was not found
	Train   int    `json:"train,omitempty"` // examples by default; 0: depends on the files
	Test    int    `json:"test,omitempty"`
	Shape   []int  `json:"shape,omitempty"` // of one input
	Bytes   int64  `json:"bytes,omitempty"` // of the content, decompressed or in memory
}

// lister is a Spec that knows more to list than its name and summary. Published sets
// need none: the catalogue describes them.
type lister interface{ list(*Listing) }

// List describes all data sets, sorted by name.
func List() []Listing {
	var all []Listing
	for _, kind := range Kinds.Kinds() {
		l := Listing{Name: kind.Name, Summary: kind.Summary, Source: kind.Source}
		if p := catalogue[kind.Name]; p != nil {
			p.list(&l)
		} else if spec, ok := Kinds.New(kind.Name); ok {
			if s, ok := spec.(lister); ok {
				s.list(&l)
			}
		}
		all = append(all, l)
	}
	return all
}

func (p *published) list(l *Listing) {
	l.Train, l.Test, l.Shape = p.train, p.test, p.shape
	for _, f := range p.files {
		if f.isPacked() {
			l.Bytes = int64(p.train+p.test) * int64(product(p.shape)) // of the pixels
			break
		}
		l.Bytes += f.size
	}
	if f, err := p.locate(""); err == nil {
		l.Found = f.name
	} else {
		l.Hint = p.advice()
	}
}

// list describes a set of this size and of float32 numbers.
func (s Synthetic) list(l *Listing) {
	l.Found, l.Shape = "generated", []int{s.Inputs}
	l.Train, l.Test, _ = s.sizes()
	l.Bytes = 4 * int64(l.Train+l.Test) * int64(s.Inputs) // float32
}
