package datasets

import (
	"errors"

	"ergon/internal/schema"
)

// IDXFolder is any set of images and labels in idx files, named as those of
// MNIST, plain or .gz, in the folder Dir. Images may have any size.
type IDXFolder struct {
	Images
	Classes int `key:"classes" doc:"number of classes; 0: the largest label + 1" in:"[0,256]"`
}

var (
	_ Spec    = IDXFolder{}
	_ lister  = IDXFolder{}
	_ checker = IDXFolder{}
)

func init() {
	Kinds.Register("idx", schema.Doc{
		Summary: "your own images in idx files: train-images-idx3-ubyte[.gz] and so on",
		Source:  "the file format of the MNIST database",
	}, func() Spec { return IDXFolder{Images: Images{Transform: "unit"}} })
}

// Validate wants a folder.
func (s IDXFolder) Validate() error {
	if s.Dir == "" {
		return schema.Fieldf("dir", "missing: the folder of the idx files")
	}
	return s.Images.Validate()
}

// Load reads the files.
func (s IDXFolder) Load(seed uint64) (*Data, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	o, err := idxOrigin(openFolder(s.Dir), s.Classes)
	if err != nil {
		return nil, err
	}
	return o.load(s, s.Images, seed)
}

func (IDXFolder) list(l *Listing) { l.Hint = "give data.dir, the folder of your files" }

// check checks the files of the folder dir, each and all together.
func (IDXFolder) check(dir string) ([]FileReport, error) {
	if dir == "" {
		return nil, errors.New("idx: which folder? give the one with the idx files")
	}
	return checkIDX(openFolder(dir)), nil
}

// loadIDX loads a published set of idx files with ten classes.
func (p *published) loadIDX(spec Spec, images Images, seed uint64) (*Data, error) {
	f, err := p.locate(images.Dir)
	if err != nil {
		return nil, err
	}
	o, err := idxOrigin(f, 10)
	if err != nil {
		return nil, err
	}
	return o.load(spec, images, seed)
}
