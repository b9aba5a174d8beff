package sweep

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ergon/sweep/estimate"
	"ergon/sweep/freeenergy"
)

// markdown writes the section of bench.md: a table for each curve, its law, and what is missing of it.
func (f *FreeEnergy) markdown(b *strings.Builder) {
	b.WriteString("\n## Free energy, F = U - T·S\n")
	for _, c := range f.Curves {
		fmt.Fprintf(b, "\n### %s\n\n%d of %d rates are there, of %d of %d seeds.\n", strings.ReplaceAll(c.Label, "|", "¦"), c.Known, c.Rates, len(c.Used), c.Seeds)
		if len(c.Rows) > 0 {
			b.WriteString("\n")
			writeTable(b, ratesTable(c))
		}
		b.WriteString(laws(c) + missing(c))
	}
	fmt.Fprintf(b, `
T: the temperature at which F is least at the rate's own U and S, in brackets the interval that the other rates leave, U and S smoothed over ln η by a half-width of %g, with a slack in U of %g.
kT*: η·tr Σ/(2d). SNR: |ḡ|/√⟨|g-ḡ|²⟩. Valley: F at this T falls to this rate and rises behind it. ±: standard errors over seeds, of one seed that of U within its window.
`, f.Smooth, f.Slack)
}

// ratesTable has a line for each rate. Where η is an effective one, the grid's stands before it.
func ratesTable(c *freeenergy.Curve) [][]string {
	effective := c.RateIs == "effective_lr"
	lines := [][]string{{"η", "U", "S", "T", "kT*", "T/kT*", "SNR", "valley"}}
	if effective {
		lines[0] = append([]string{"lr"}, lines[0]...)
		lines[0][1] = "η effective"
	}
	for _, row := range c.Rows {
		line := []string{
			short(&row.Rate), plusMinus(&row.U, row.UError), plusMinus(&row.Entropy, row.EntropyError), temperatureOf(row),
			short(row.Threshold), short(row.Ratio), short(row.SNR), valleyOf(row),
		}
		if effective {
			line = append([]string{short(&row.LR)}, line...)
		}
		lines = append(lines, line)
	}
	return lines
}

// temperatureOf writes T with its error and its bracket.
func temperatureOf(row *freeenergy.Row) string {
	if row.T == nil {
		return dash
	}
	return fmt.Sprintf("%s (%s–%s)", plusMinus(row.T, row.TError), short(row.Low), short(row.High))
}

func valleyOf(row *freeenergy.Row) string {
	switch {
	case row.Valley == nil:
		return dash
	case *row.Valley:
		return "yes"
	}
	return "no"
}

// laws says what is known of T(η) and of T/kT* as a whole.
func laws(c *freeenergy.Curve) string {
	var b strings.Builder
	if c.Problem != "" {
		fmt.Fprintf(&b, "\nNo temperatures: %s\n", c.Problem)
	}
	if l := c.Law; l != nil {
		fmt.Fprintf(&b, "\nT = c·η^b: b = %s, c = %s by the scatter of %d rates about it; with b = 1, c = %s.\n", signed(l.Exponent), l.Prefactor, l.Exponent.N, l.Linear)
	} else if c.Problem == "" {
		b.WriteString("\nNo law T = c·η^b: fewer than three rates have a temperature.\n")
	}
	if l := c.LawSeeds; l != nil {
		fmt.Fprintf(&b, "The same by leaving out each of %d seeds: b = %s, c = %s; with b = 1, c = %s.\n", len(c.Used), signed(l.Exponent), l.Prefactor, l.Linear)
	}
	if r := c.Ratio; r != nil {
		b.WriteString("T/kT*: " + ratioOfRates(r.Rates) + "\n")
		if r.Seeds != nil {
			fmt.Fprintf(&b, "The same by leaving out each of %d seeds: %s.\n", r.Seeds.N, r.Seeds)
		}
	}
	return b.String()
}

// ratioOfRates writes T/kT* and what its interval is of; one rate has none.
func ratioOfRates(e *estimate.Estimate) string {
	if e.N == 1 {
		return e.String() + ", of one rate."
	}
	return fmt.Sprintf("%s, geometric mean and 95 %% interval over %d rates; neighbouring rates share states and are not independent.", e, e.N)
}

// missing lists the runs that are not used by reason.
func missing(c *freeenergy.Curve) string {
	var b strings.Builder
	var reasons []string
	runs := map[string][]string{}
	for _, m := range c.Missing {
		if !slices.Contains(reasons, m.Why) {
			reasons = append(reasons, m.Why)
		}
		runs[m.Why] = append(runs[m.Why], fmt.Sprintf("lr %s seed %d", short(&m.LR), m.Seed))
	}
	if len(reasons) > 0 {
		b.WriteString("\nNot used:\n\n")
	}
	for _, why := range reasons {
		fmt.Fprintf(&b, "- %s: %s\n", why, strings.Join(runs[why], ", "))
	}
	return b.String()
}

// dash stands for what is not known.
const dash = "–"

// short writes a number to three digits.
func short(x *float64) string {
	if x == nil {
		return dash
	}
	return strconv.FormatFloat(*x, 'g', 3, 64)
}

// plusMinus writes a number with its standard error, to the second digit of that, both with one
// power of ten: (1.12 ± 0.20)e-5. Without an error it has four digits.
func plusMinus(x, standardError *float64) string {
	switch {
	case x == nil:
		return dash
	case standardError == nil || *standardError == 0:
		return strconv.FormatFloat(*x, 'g', 4, 64)
	}
	size := func(x float64) int { return int(math.Floor(math.Log10(x))) }
	power, largest := 0, max(math.Abs(*x), *standardError)
	if plain := largest >= 0.01 && largest < 1e6; !plain {
		power = max(size(largest), -300) // of which there is a power of ten
	}
	unit := math.Pow10(power)
	decimals := min(max(1-size(*standardError/unit), 0), 15)
	text := fmt.Sprintf("%.*f ± %.*f", decimals, *x/unit, decimals, *standardError/unit)
	if power == 0 {
		return text
	}
	return fmt.Sprintf("(%s)e%d", text, power)
}

// signed writes an estimate that may be below zero.
func signed(e *estimate.Estimate) string {
	if e == nil {
		return dash
	}
	if e.Lo == nil {
		return short(&e.Mean)
	}
	return fmt.Sprintf("%s (%s to %s)", short(&e.Mean), short(e.Lo), short(e.Hi))
}
