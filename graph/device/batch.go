package device

import (
	"ergon/internal/gpu"
)

// batchSum is BatchSum of batch.cu: a sum over the batch.
type batchSum struct {
	Values       gpu.Pointer // float32 [B,Width] of each network, whose columns are summed
	Losses       gpu.Pointer // or float64 [B], of which the mean is taken
	Sum          gpu.Pointer // float32 [Width]
	StrideValues int32
	StrideSum    int32
	Width        int32
	First        int32 // block of the launch
}

// batchColumns is how many columns a block sums: COLUMNS in batch.cu.
const batchColumns = 32

// batchSums is BatchSums of batch.cu.
type batchSums struct {
	Sums         gpu.Pointer
	Count, Batch int32
}

// sum notes a sum over the batch. Other nodes seldom read such a sum: one launch at the
// end makes all that a program needs, the loss and the gradients of all biases. If a node
// does read one, the launch comes before that node.
func (l *Lowering) sum(s batchSum, batch int) error {
	if l.batch != batch {
		if err := l.launchSums(); err != nil {
			return err
		}
	}
	l.batch = batch
	l.pendingSums = append(l.pendingSums, s)
	l.pending[s.Sum] = true
	return nil
}

// SumColumns notes the sum db [Width] of dz [B,Width] over the batch.
func (l *Lowering) SumColumns(db, dz Operand) error {
	return l.sum(batchSum{
		Values: dz.At, Sum: db.At, StrideValues: int32(dz.Stride), StrideSum: int32(db.Stride), Width: int32(dz.Shape[1]),
	}, dz.Shape[0])
}

// launchSums appends the launch of the sums that are pending.
func (l *Lowering) launchSums() error {
	if len(l.pendingSums) == 0 {
		return nil
	}
	blocks := 0
	for i := range l.pendingSums {
		l.pendingSums[i].First = int32(blocks)
		blocks += (int(l.pendingSums[i].Width) + batchColumns - 1) / batchColumns
	}
	table, err := allocate[batchSum](l, len(l.pendingSums))
	if err != nil {
		return err
	}
	launch(l, "sum_over_batch", blocks, &batchSums{table.Pointer, int32(len(l.pendingSums)), int32(l.batch)})
	err = table.Upload(l.pendingSums)
	l.pendingSums = nil
	clear(l.pending)
	return err
}
