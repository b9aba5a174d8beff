package sweep

import (
	"encoding/csv"
	"io"
	"strconv"

	"ergon/sweep/freeenergy"
)

// WriteFreeEnergyCSV writes free-energy.csv: a line for each curve and learning rate that has a state.
// What is not known is empty.
func (r *Report) WriteFreeEnergyCSV(w io.Writer) error {
	lines := [][]string{{
		"label", "seeds", "lr", "rate", "u", "u_standard_error", "entropy", "entropy_standard_error", "t_low", "t_high", "t", "t_standard_error",
		"kt_threshold", "t_over_threshold", "snr", "valley",
	}}
	for _, c := range r.FreeEnergy.Curves {
		for _, row := range c.Rows {
			lines = append(lines, freeEnergyLine(c, row))
		}
	}
	return csv.NewWriter(w).WriteAll(lines)
}

func freeEnergyLine(c *freeenergy.Curve, row *freeenergy.Row) []string {
	line := []string{c.Label, strconv.Itoa(len(c.Used))}
	for _, x := range []*float64{
		&row.LR, &row.Rate, &row.U, row.UError, &row.Entropy, row.EntropyError, row.Low, row.High, row.T, row.TError,
		row.Threshold, row.Ratio, row.SNR,
	} {
		line = append(line, full(x))
	}
	if row.Valley == nil {
		return append(line, "")
	}
	return append(line, strconv.FormatBool(*row.Valley))
}
