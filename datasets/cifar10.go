package datasets

import (
	"ergon/internal/schema"
)

// CIFAR10 is a set of colour photographs: 50000 training and 10000 test images
// of 3×32×32 pixels, ten classes. Inputs are the red, the green and the blue
// plane, each row by row.
type CIFAR10 struct{ Images }

var (
	_ Spec  = CIFAR10{}
	_ filed = CIFAR10{}
)

// The hashes of the archive and of its members are those that several public
// data loaders pin.
var cifar10 = publish(&published{
	name: "cifar10", train: 5 * cifarBatch, test: cifarBatch, shape: []int{3, 32, 32},
	files: []file{
		{"data_batch_1.bin", cifarBatch * cifarRecord, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"},
		{"data_batch_2.bin", cifarBatch * cifarRecord, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"},
		{"data_batch_3.bin", cifarBatch * cifarRecord, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"},
		{"data_batch_4.bin", cifarBatch * cifarRecord, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"},
		{"data_batch_5.bin", cifarBatch * cifarRecord, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"},
		{"test_batch.bin", cifarBatch * cifarRecord, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"},
	},
	url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
	archive: &archive{
		file{"cifar-10-binary.tar.gz", 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"},
		"cifar-10-batches-bin",
	},
})

func init() {
	Kinds.Register("cifar10", schema.Doc{
		Summary: "colour photographs, 3x32x32 pixels, 10 classes, 50000 + 10000 images",
		Source:  "Krizhevsky, Learning multiple layers of features from tiny images (2009)",
	}, func() Spec { return CIFAR10{Images{Transform: "unit"}} })
}

// Load reads the six files in Dir or in the user's cache.
func (s CIFAR10) Load(seed uint64) (*Data, error) { return loadFiles(s, s.Images, seed) }

// origin implements filed.
func (s CIFAR10) origin() (origin, error) {
	f, names, err := cifar10.find(s.Dir)
	if err != nil {
		return origin{}, err
	}
	state, err := f.state(names)
	read := func() (*corpus, error) {
		c, err := readCIFARFiles(f, names, cifarBatch)
		if err != nil {
			return nil, err
		}
		return c, cifar10.confirm(f, c.content.Files)
	}
	return origin{id: "cifar10, " + state, read: read}, err
}

// readCIFARFiles reads files of the given number of records; the last is the
// test set.
func readCIFARFiles(f folder, names []string, records int) (*corpus, error) {
	training := (len(names) - 1) * records
	train := pictures{make([]byte, 0, training*cifarPixels), make([]uint8, 0, training)}
	var test pictures
	contents := make([]FileContent, len(names))
	for i, name := range names {
		var err error
		contents[i], err = f.readFile(name, false, func(in *source) error {
			labels, pixels, err := readCIFAR(in, records)
			if i == len(names)-1 {
				test = pictures{pixels, labels}
			} else {
				train.labels, train.pixels = append(train.labels, labels...), append(train.pixels, pixels...)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return &corpus{
		train: train, test: test, shape: []int{3, 32, 32}, classes: cifarClasses, last: cifarClasses - 1,
		content: newContent(absolute(f.name), contents),
	}, nil
}
