package datasets

import "ergon/internal/schema"

// KMNIST is a set of cursive Japanese characters in the format of MNIST: 60000 training
// and 10000 test images of 28×28 pixels, ten classes.
type KMNIST struct{ Images }

var (
	_ Spec  = KMNIST{}
	_ filed = KMNIST{}
)

// The hashes are those that torchvision and other public data loaders pin. They are of
// the compressed files as published, so that files unpacked or compressed anew are
// not known.
var kmnist = publish(&published{
	name: "kmnist", train: 60000, test: 10000, shape: []int{28, 28},
	files: []file{
		{idxNames[0] + ".gz", 18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"},
		{idxNames[1] + ".gz", 29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"},
		{idxNames[2] + ".gz", 3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"},
		{idxNames[3] + ".gz", 5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"},
	},
	url:         "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
	torchvision: "KMNIST",
})

func init() {
	Kinds.Register("kmnist", schema.Doc{
		Summary: "cursive Japanese characters, 28x28 pixels, 10 classes, 60000 + 10000 images; its files compressed as published",
		Source:  "Clanuwat et al., arXiv 1812.01718",
	}, func() Spec { return KMNIST{Images{Transform: "unit"}} })
}

// Load reads the files in Dir, or in the user's cache.
func (s KMNIST) Load(seed uint64) (*Data, error) { return loadFiles(s, s.Images, seed) }

// origin implements filed.
func (s KMNIST) origin() (origin, error) { return kmnist.idxOrigin(s.Dir) }
