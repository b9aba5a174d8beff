// Package bounds computes the least energy that physics allows a network to
// infer and to learn with (Tkachenko, "Thermodynamic bounds on energy use in
// deep neural networks", arXiv 2503.09980; equation numbers are those of its
// second version). All energies are in joules, temperatures in kelvin.
package bounds

import "math"

// Boltzmann is the Boltzmann constant in J/K, exact by the definition of the
// kelvin (SI, 2019).
const Boltzmann = 1.380649e-23

// RoomTemperature is the temperature in K for which the paper quotes its numbers.
const RoomTemperature = 300.0

// FLOPBits are the bits that a floating-point operation erases in Eq. 17:
// numbers of 16 bits.
const FLOPBits = 16

// The conventional numbers of floating-point operations per parameter and
// presentation: a multiplication and an addition forward, twice that backward.
const (
	InferenceFLOP = 2.0
	TrainingFLOP  = 6.0
)

// Thermal returns kT in J, the scale of all bounds.
func Thermal(temperature float64) float64 { return Boltzmann * temperature }

// Landauer returns the least energy in J that erases one bit, kT ln 2.
func Landauer(temperature float64) float64 { return Thermal(temperature) * math.Ln2 }

// LandauerFLOP returns the least energy in J of an irreversible floating-point
// operation of [FLOPBits] bits.
func LandauerFLOP(temperature float64) float64 { return FLOPBits * Landauer(temperature) }
