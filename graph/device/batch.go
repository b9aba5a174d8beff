package graph

import "ergon/internal/gpu"

// batchSum is the twin of batch.cu's BatchSum: a sum over the batch.
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

// batchSums is the twin of batch.cu's BatchSums.
type batchSums struct {
	Sums         gpu.Pointer
	Count, Batch int32
}

// sum notes a sum over the batch. Few nodes take such a sum as an input, if any
// do: all that a program needs, the loss and the gradients of the biases of all
// layers, are made by one launch at its end, or before the first that does.
func (l *lowering) sum(s batchSum, batch int) error {
	if l.batch != batch {
		if err := l.launchSums(); err != nil {
			return err
		}
	}
	l.batch = batch
	l.sums = append(l.sums, s)
	l.late[s.Sum] = true
	return nil
}

// sumColumns notes the sum db [Width] of dz [B,Width] over the batch.
func (l *lowering) sumColumns(db, dz deviceOperand) error {
	return l.sum(batchSum{
		Values: dz.at, Sum: db.at, StrideValues: int32(dz.stride), StrideSum: int32(db.stride), Width: int32(dz.shape[1]),
	}, dz.shape[0])
}

// launchSums adds the launch of the sums that were noted.
func (l *lowering) launchSums() error {
	if len(l.sums) == 0 {
		return nil
	}
	blocks := 0
	for i := range l.sums {
		l.sums[i].First = int32(blocks)
		blocks += (int(l.sums[i].Width) + batchColumns - 1) / batchColumns
	}
	table, err := allocate[batchSum](l, len(l.sums))
	if err != nil {
		return err
	}
	launch(l, "sum_over_batch", blocks, &batchSums{table.Pointer, int32(len(l.sums)), int32(l.batch)})
	err = table.Upload(l.sums)
	l.sums = nil
	clear(l.late)
	return err
}
