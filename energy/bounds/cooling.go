package bounds

// EntropyProduced returns the entropy in J/K that a refrigerator produces which
// takes the heat e from a network at the temperature cold and gives it, with
// its own work w, to surroundings at the temperature warm: (w+e)/T - e/T*.
// It cannot be negative (Eq. 18).
func EntropyProduced(w, e, warm, cold float64) float64 { return (w+e)/warm - e/cold }

// WithCooling returns the least energy in J, refrigerator included, of what
// takes e in a network at the temperature cold: (T/T*) e (Eq. 19). As bounds are
// proportional to temperature, that is what it takes without cooling.
func WithCooling(e, warm, cold float64) float64 { return warm / cold * e }

// Negentropy returns in bits the entropy that a free energy f in J takes from
// the equilibrium, F/(kT ln 2) (Eq. 20). Together with the information in a
// network it never grows (Eq. 21).
func Negentropy(f, temperature float64) float64 { return f / Landauer(temperature) }

// BitRate returns how many bits a second the power in W can erase at most.
func BitRate(power, temperature float64) float64 { return power / Landauer(temperature) }
