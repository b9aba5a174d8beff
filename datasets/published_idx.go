package datasets

import "fmt"

// idxOrigin finds the files of a published set of idx files with ten classes: in dir, or
// in the usual places. What is read is refused unless it is what was published.
func (p *published) idxOrigin(dir string) (origin, error) {
	f, names, err := p.find(dir)
	if err != nil {
		return origin{}, err
	}
	return idxReader{
		folder: f, names: names, classing: classing{classes: 10}, sizes: p.sizes(), standard: p.standard,
		confirm: func(read []FileContent) error { return p.confirm(f, read) },
	}.origin()
}

// sizes returns how many bytes the files hold, or nil if that was not published.
func (p *published) sizes() []int64 {
	sizes := make([]int64, len(p.files))
	for i, f := range p.files {
		if f.isPacked() {
			return nil
		}
		sizes[i] = f.size
	}
	return sizes
}

// find returns the folder of the set's files and their names there.
func (p *published) find(dir string) (f folder, names []string, err error) {
	if f, err = p.locate(dir); err != nil {
		return f, nil, err
	}
	names = make([]string, len(p.files))
	for i, file := range p.files {
		if names[i], err = f.find(file.name, p.compressed); err != nil {
			return f, nil, err
		}
	}
	return f, names, nil
}

// confirm compares the files that were read with those published.
func (p *published) confirm(f folder, read []FileContent) error {
	for i, file := range p.files {
		got := read[i].SHA256
		if file.isPacked() {
			packed, err := f.packedDigest(read[i].Name)
			if err != nil {
				return err
			}
			got = packed
		}
		if got != file.sha256 {
			return &NotPublishedError{Folder: f.name, Set: p.name, File: read[i].Name, Got: got, Hint: p.otherwise()}
		}
	}
	return nil
}

// packedDigest returns the SHA-256 of a file as it lies there.
func (f folder) packedDigest(name string) (string, error) {
	c, err := f.readFile(name, false, func(in *source) error { return in.discard() })
	return c.SHA256, err
}

// otherwise says what to do with files that are not the published ones.
func (p *published) otherwise() string {
	if p.files[0].isPacked() {
		return "its files are known only compressed, as published; say data=idx for others"
	}
	if _, ok := parseIDXName(p.files[0].name); ok {
		return "say data=idx for files of your own"
	}
	return fmt.Sprintf("`ergon data fetch %s` brings the published ones", p.name)
}

// NotPublishedError says that a folder holds other files than the published set it was
// taken for.
type NotPublishedError struct {
	Folder, Set string
	File        string // the first that differs
	Got         string // SHA-256 of its content, in hex
	Hint        string
}

// Error names the file, and the set that it is of if that is known.
func (e *NotPublishedError) Error() string {
	whose := ""
	if owner := ownerOf(e.Got); owner != "" {
		whose = fmt.Sprintf(", which is %s's", owner)
	}
	return fmt.Sprintf("%s: not the published %s (%s has SHA-256 %s%s); %s", e.Folder, e.Set, e.File, e.Got, whose, e.Hint)
}

// ownerOf returns the set in which a file of this SHA-256 was published, or "".
func ownerOf(sha256 string) string {
	for _, name := range Fetchable() {
		for _, file := range catalogue[name].files {
			if file.sha256 == sha256 {
				return name
			}
		}
	}
	return ""
}
