package sweep

import (
	"errors"
	"fmt"

	"ergon/configs"
	"ergon/internal/bounded"
	"ergon/train/rundir"
)

// damage says in which way the files of a finished cell are not what its run left, ""
// if they are: where it ran, with which config, and all its evaluations.
func damage(o *Outcome) string {
	meta, err := o.Directory.Meta()
	if err != nil {
		return fmt.Sprintf("has no %s that can be read", rundir.MetaFile)
	}
	hash := o.Directory.Base()
	if meta.Config != hash {
		return fmt.Sprintf("has the %s of another run", rundir.MetaFile)
	}
	if o.Summary.Seed != o.Config.Seed || o.Summary.Name != o.Config.Name {
		return fmt.Sprintf("has the %s of another run", rundir.SummaryFile)
	}
	if config, err := configs.Load(o.Directory.Path(rundir.ConfigFile), nil); err != nil {
		return fmt.Sprintf("has no %s that can be read", rundir.ConfigFile)
	} else if own, err := config.Hash(); err != nil || own != hash {
		return fmt.Sprintf("has the %s of another run", rundir.ConfigFile)
	}
	return damagedMetrics(o)
}

// damagedMetrics says what is amiss with the file of evaluations. A run that diverged may
// have none, and any other one at its last step.
func damagedMetrics(o *Outcome) string {
	last, damaged := 0, errors.New("damaged")
	err := bounded.LinesIn(string(o.Directory), rundir.MetricsFile, func(line []byte) error {
		var m struct {
			Step int `json:"step"`
		}
		if err := bounded.JSON(line, &m); err != nil || m.Step <= last {
			return damaged
		}
		last = m.Step
		return nil
	})
	switch {
	case errors.Is(err, damaged):
		return fmt.Sprintf("has a damaged %s", rundir.MetricsFile)
	case err != nil:
		return fmt.Sprintf("has no %s that can be read", rundir.MetricsFile)
	}
	evaluated := o.Summary.TrainLoss != nil
	if evaluated != (last > 0) || o.Summary.Status != rundir.StatusDiverged && last != o.Summary.Steps {
		return fmt.Sprintf("has a %s that is not whole", rundir.MetricsFile)
	}
	return ""
}
