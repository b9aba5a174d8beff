package datasets

import "ergon/internal/schema"

// FashionMNIST is a set of pictures of clothes in the format of MNIST: 60000
// training and 10000 test images of 28×28 pixels, ten classes.
type FashionMNIST struct{ Images }

var (
	_ Spec  = FashionMNIST{}
	_ filed = FashionMNIST{}
)

var fashionMNIST = publish(&published{
	name: "fashion_mnist", train: 60000, test: 10000, shape: []int{28, 28},
	files: []file{
		{idxNames[0], 47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
		{idxNames[1], 60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
		{idxNames[2], 7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
		{idxNames[3], 10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"},
	},
	compressed:  true,
	url:         "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
	places:      []string{"/usr/share/datasets/fashion-mnist"},
	hint:        "install Debian's package dataset-fashion-mnist",
	torchvision: "FashionMNIST",
})

func init() {
	Kinds.Register("fashion_mnist", schema.Doc{
		Summary: "pictures of clothes, 28x28 pixels, 10 classes, 60000 + 10000 images",
		Source:  "Xiao, Rasul, Vollgraf, arXiv 1708.07747",
	}, func() Spec { return FashionMNIST{Images{Transform: "unit"}} })
}

// Load reads the files in Dir, or in the user's cache or Debian's place.
func (s FashionMNIST) Load(seed uint64) (*Data, error) { return loadFiles(s, s.Images, seed) }

// origin implements filed.
func (s FashionMNIST) origin() (origin, error) { return fashionMNIST.idxOrigin(s.Dir) }
