package measure

import "math"

// Answers counts how often each answer was given to each label: the confusion matrix of
// an evaluation. A nil Answers counts nothing.
type Answers struct {
	classes int
	counts  []int64 // [classes][classes+1], labels by answers, the last of which is none
}

// NewAnswers counts answers of so many classes; nil for real-valued targets, which are 0
// classes.
func NewAnswers(classes int) *Answers {
	if classes == 0 {
		return nil
	}
	return &Answers{classes, make([]int64, classes*(classes+1))}
}

// Reset begins a new evaluation.
func (a *Answers) Reset() {
	if a != nil {
		clear(a.counts)
	}
}

// Count counts an example of a label. A negative answer is none.
func (a *Answers) Count(label, answer int) {
	if a == nil {
		return
	}
	if answer < 0 {
		answer = a.classes
	}
	a.counts[label*(a.classes+1)+answer]++
}

// Information returns the mutual information in nats of label and answer,
// Σ p(l,a) ln[p(l,a)/(p(l)p(a))] with the shares counted. ok is false where nothing was.
//
// What an answer tells of the label is at most what the network's outputs do, so that this
// is a lower bound of what was learned. Shares of n examples instead of probabilities make
// it too large, by about (occupied cells - labels - answers + 1)/2n on average (Miller
// 1955), which is not taken off: it would make the information of an answer that is
// always the same differ from 0.
func (a *Answers) Information() (nats float64, ok bool) {
	if a == nil {
		return 0, false
	}
	columns := a.classes + 1
	labels, answers, total := make([]float64, a.classes), make([]float64, columns), 0.0
	for i, n := range a.counts {
		labels[i/columns] += float64(n)
		answers[i%columns] += float64(n)
		total += float64(n)
	}
	if total == 0 {
		return 0, false
	}
	for i, n := range a.counts {
		if n > 0 {
			share := float64(n) / total
			nats += share * math.Log(share*total/labels[i/columns]*total/answers[i%columns])
		}
	}
	return max(nats, 0), true // rounding may leave less than 0
}
