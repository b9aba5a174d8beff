package mixture

import (
	"fmt"
	"testing"
	"os"

	"gonum.org/v1/gonum/stat"
	"math"
)

func TestScratchSim(t *testing.T) {
	name := os.Getenv("RULES")
	p := twoClusters(1, 1, 0.2)
	p.Rates = Constant(1, 20)
	p.Rule = ruleOf(t, scratchRules[name]...)
	all := simulated(t, p, 2000, 16)
	for _, one := range trials {
		var v []float64
		for _, c := range all {
			v = append(v, one.of(c)[10])
		}
		mean, d := stat.MeanStdDev(v, nil)
		fmt.Printf("%s %.5f %.5f\n", one.name, mean, d/math.Sqrt(16))
	}
}
