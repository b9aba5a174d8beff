package theory

import ()

// MaxSimulatedSteps is the number of steps beyond which a simulation is refused.
const MaxSimulatedSteps = 1e9

// DivergedAbove is the size of a squared error or gradient at which learning is said to
// diverge, long before squares overflow.
const DivergedAbove = 1e100
