package datasets

import "ergon/internal/schema"

// BarsAndStripes are all images of k×k pixels, 0 or 1, in which every row is constant
// (stripes) or every column is (bars). The two uniform images are both and occur once, so
// that there are 2^(k+1) - 2. All are equally likely: no model has a mean log-likelihood
// above -ln(2^(k+1) - 2), which is -2.639 nats for k = 3.
//
// MacKay's ensemble draws the orientation first, and each row or column then. There, the
// uniform images are twice as likely as others.
//
// It is a set for models of the inputs. Whoever wants a target has the orientation: -1 for
// stripes, +1 for bars, 0 for the uniform images. There are no classes. The test set is
// the training set.
type BarsAndStripes struct {
	Side int `key:"side" doc:"rows and columns k of an image; there are 2^(k+1) - 2 images" in:"[1,16]"`
	Split
}

var (
	_ Spec   = BarsAndStripes{}
	_ lister = BarsAndStripes{}
)

// maxSide is the largest side: 2^17 - 2 images of 256 pixels are 32 MiB.
const maxSide = 16

func init() {
	Kinds.Register("bars_and_stripes", schema.Doc{
		Summary: "all images of kxk pixels 0 and 1 with constant rows or constant columns, for models of the inputs",
		Source:  "MacKay, Information theory, inference, and learning algorithms (2003), chapter 43",
	}, func() Spec { return BarsAndStripes{Side: 3} })
}

// Validate bounds the number of images, and checks that all of them are learned.
func (s BarsAndStripes) Validate() error {
	if s.Validation != 0 {
		return schema.Fieldf("validation", "nothing can be told by images that are held out: the test set is all images that there are; set 0")
	}
	if s.Side < 1 || s.Side > maxSide {
		return schema.Fieldf("side", "%d rows and columns: want 1 to %d", s.Side, maxSide)
	}
	return nil
}

// images returns how many there are.
func (s BarsAndStripes) images() int { return 2<<s.Side - 2 }

// Load makes the images: the stripes, then the bars that are no stripes.
func (s BarsAndStripes) Load(uint64) (*Data, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return load(dataKey{spec: s}, func() (*Data, error) {
		n, pixels := s.images(), s.Side*s.Side
		x, orientation := make([]byte, 0, n*pixels), make([]float32, 0, n)
		uniform := 1<<s.Side - 1 // the pattern in which all rows are 1
		for pattern := range uniform + 1 {
			x, orientation = s.appendStripes(x, pattern), append(orientation, -1)
		}
		orientation[0], orientation[uniform] = 0, 0
		for pattern := 1; pattern < uniform; pattern++ {
			x, orientation = s.appendBars(x, pattern), append(orientation, 1)
		}
		value := newPalette(func(b float64) float64 { return b })
		set := &Set{n: n, inputs: pixels, outputs: 1, rows: &byteRows{x, pixels, value}, targets: orientation}
		return &Data{Train: set, Test: set, Shape: []int{s.Side, s.Side}, images: true}, nil
	})
}

// appendStripes appends the image whose row r is bit r of the pattern.
func (s BarsAndStripes) appendStripes(x []byte, pattern int) []byte {
	for i := range s.Side * s.Side {
		x = append(x, byte(pattern>>(i/s.Side)&1))
	}
	return x
}

// appendBars appends the image whose column c is bit c of the pattern.
func (s BarsAndStripes) appendBars(x []byte, pattern int) []byte {
	for i := range s.Side * s.Side {
		x = append(x, byte(pattern>>(i%s.Side)&1))
	}
	return x
}

func (s BarsAndStripes) list(l *Listing) {
	l.Found, l.Shape, l.Train, l.Test = "generated", []int{s.Side, s.Side}, s.images(), s.images()
	l.Bytes = int64(s.images() * s.Side * s.Side)
}
