package datasets

import (
	"embed"
	"io/fs"
	"sync"

	"ergon/internal/schema"
)

//go:embed mnist/*.gz
var mnistFiles embed.FS

// MNIST is the database of handwritten digits: 60000 training and 10000 test
// images of 28×28 pixels, part of the program. With Dir, idx files of that
// folder are read instead; they must have ten classes.
type MNIST struct{ Images }

var _ Spec = MNIST{}

var mnist = publish(&published{
	name: "mnist", train: 60000, test: 10000, shape: []int{28, 28},
	files: []file{
		{idxNames[0], 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
		{idxNames[1], 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
		{idxNames[2], 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
		{idxNames[3], 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
	},
	compressed: true,
	url:        "https://ossci-datasets.s3.amazonaws.com/mnist/",
	builtin:    mnistFolder(),
})

func init() {
	Kinds.Register("mnist", schema.Doc{
		Summary: "handwritten digits, 28x28 pixels, 10 classes, 60000 + 10000 images; part of the program",
		Source:  "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 86:2278 (1998)",
	}, func() Spec { return MNIST{Images{Transform: "unit"}} })
}

func mnistFolder() fs.FS {
	sub, err := fs.Sub(mnistFiles, "mnist")
	if err != nil {
		panic("datasets: mnist is not embedded")
	}
	return sub
}

// embedded is MNIST decoded once and kept: tests and sweeps load it again and again.
var embedded = sync.OnceValues(func() (*corpus, error) {
	o, err := idxOrigin(folder{"embedded mnist", mnist.builtin}, 10)
	if err != nil {
		return nil, err
	}
	return o.read()
})

// Load returns the digits.
func (s MNIST) Load(seed uint64) (*Data, error) {
	if s.Dir == "" {
		return origin{"embedded mnist", embedded}.load(s, s.Images, seed)
	}
	return mnist.loadIDX(s, s.Images, seed)
}
