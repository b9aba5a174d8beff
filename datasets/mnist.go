package datasets

import (
	_ "embed"
	"sync"

	"ergon/internal/schema"
)

// The files of MNIST, which mnist/README.md tells of.
var (
	//go:embed mnist/train-images-idx3-ubyte.zst
	mnistTrainImages []byte
	//go:embed mnist/train-labels-idx1-ubyte.zst
	mnistTrainLabels []byte
	//go:embed mnist/t10k-images-idx3-ubyte.zst
	mnistTestImages []byte
	//go:embed mnist/t10k-labels-idx1-ubyte.zst
	mnistTestLabels []byte
)

// MNIST is the database of handwritten digits: 60000 training and 10000 test
// images of 28×28 pixels, part of the program. With Dir, the files in that folder are
// read instead; they must be the same.
type MNIST struct{ Images }

var (
	_ Spec  = MNIST{}
	_ filed = MNIST{}
)

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
	builtin: packed{
		idxNames[0]: mnistTrainImages, idxNames[1]: mnistTrainLabels,
		idxNames[2]: mnistTestImages, idxNames[3]: mnistTestLabels,
	},
	torchvision: "MNIST",
	// as is customary; also Malkin et al. 2024, eLife 12:RP92595
	standard: &standard{0.1307, 0.3081},
})

func init() {
	Kinds.Register("mnist", schema.Doc{
		Summary: "handwritten digits, 28x28 pixels, 10 classes, 60000 + 10000 images; part of the program",
		Source:  "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 86:2278 (1998)",
	}, func() Spec { return MNIST{Images{Transform: "unit"}} })
}

// embedded is MNIST decoded once and kept: tests and sweeps load it again and again.
var embedded = sync.OnceValues(func() (*corpus, error) {
	c, err := idxReader{
		folder: folder{mnistContent.Where, mnist.builtin, true}, names: idxNames,
		classing: classing{classes: 10}, standard: mnist.standard,
	}.read()
	if err == nil {
		c.content = mnistContent
	}
	return c, err
})

// mnistContent is what the program holds. A test compares it with the embedded files, so
// that a run need not.
var mnistContent = pinned("embedded mnist", mnist)

// pinned is the Content of the published files.
func pinned(where string, p *published) Content {
	files := make([]FileContent, len(p.files))
	for i, f := range p.files {
		files[i] = FileContent{f.name, f.size, f.sha256}
	}
	return newContent(where, files)
}

// Load returns the digits.
func (s MNIST) Load(seed uint64) (*Data, error) { return loadFiles(s, s.Images, seed) }

// origin implements filed.
func (s MNIST) origin() (origin, error) {
	if s.Dir == "" {
		return origin{"embedded mnist", embedded, &mnistContent}, nil
	}
	return mnist.idxOrigin(s.Dir)
}
