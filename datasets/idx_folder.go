package datasets

import "ergon/internal/schema"

// IDXFolder is any set of images and labels in idx files, plain or .gz, in the folder
// Dir: named as those of MNIST or one of its descendants. Images may have any size.
type IDXFolder struct {
	Images
	Classes  int    `key:"classes" doc:"number of classes; 0: the largest label + 1, or with renumber the labels that occur" in:"[0,256]"`
	Prefix   string `key:"prefix" doc:"what the names of the set's files begin with, such as emnist-letters; empty: nothing, or whatever there is if the folder has one set" identity:"nonzero" text:"name"`
	Renumber bool   `key:"renumber" doc:"labels that occur become classes 0, 1, ... in their order, as where they begin at 1" identity:"nonzero"`
}

var (
	_ Spec    = IDXFolder{}
	_ lister  = IDXFolder{}
	_ checker = IDXFolder{}
	_ filed   = IDXFolder{}
)

func init() {
	Kinds.Register("idx", schema.Doc{
		Summary: "images in idx files, your own or of KMNIST, EMNIST, QMNIST: train-images-idx3-ubyte[.gz] and so on",
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
func (s IDXFolder) Load(seed uint64) (*Data, error) { return loadFiles(s, s.Images, seed) }

// origin implements filed.
func (s IDXFolder) origin() (origin, error) {
	if err := s.Validate(); err != nil {
		return origin{}, err
	}
	f, names, err := findIDX(openFolder(s.Dir), s.Prefix)
	if err != nil {
		return origin{}, err
	}
	return idxReader{folder: f, names: names, classing: classing{s.Classes, s.Renumber}}.origin()
}

func (IDXFolder) list(l *Listing) { l.Hint = "give data.dir, the folder of your files" }
