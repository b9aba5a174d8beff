package meter

import (
	"errors"
	"fmt"
	"os"
	"time"
)

func init() {
	register(kind{
		name: "nvml",
		open: func(gpu string) ([]Counter, []string, error) {
			if gpu == "" {
				return nil, nil, errNoGPU
			}
			cards, err := nvidiaCards()
			if err != nil {
				return nil, nil, fmt.Errorf("nvml: %w", err)
			}
			return openNVML(cards, gpu)
		},
		suits: func(gpu string) bool { return gpu != "" },
	})
}

// errNoGPU is that of a run on processors.
var errNoGPU = errors.New("nvml: measures a GPU, and this run does not compute on one; set engine.device=gpu, or energy.meter=rapl")

// What is known of the energy counter of NVIDIA's GPUs, which begins when the
// driver is loaded (NVML reference, nvmlDeviceGetTotalEnergyConsumption).
const (
	nvmlUnit     = 1e-3                   // J
	nvmlInterval = 100 * time.Millisecond // the longest seen; some cards are faster
	nvmlLimit    = 5000                   // W; twice what the largest card is specified for
)

// card is an NVIDIA GPU, as NVML shows it.
type card interface {
	// Name returns the product's name, which is the one that CUDA gives.
	Name() (string, error)
	// Millijoules returns the energy drawn since the driver was loaded.
	Millijoules() (uint64, error)
	// Computes says whether a process computes on the card.
	Computes(process int) (bool, error)
}

// openNVML returns the counter of the card that a run computes on, or those of
// all cards for anyGPU.
func openNVML(cards []card, gpu string) (counters []Counter, notes []string, err error) {
	if gpu != anyGPU {
		if cards, err = choose(cards, gpu); err != nil {
			return nil, nil, fmt.Errorf("nvml: %w", err)
		}
	}
	for _, c := range cards {
		name, err := c.Name()
		if err != nil {
			return nil, nil, fmt.Errorf("nvml: %w", err)
		}
		if _, err := c.Millijoules(); err != nil {
			return nil, nil, fmt.Errorf("nvml: %s counts no energy: %w; cards do since Volta", name, err)
		}
		counters = append(counters, Counter{
			Kind: "nvml", Name: name, Part: GPU,
			Unit: nvmlUnit, Step: nvmlUnit, Interval: nvmlInterval, Limit: nvmlLimit, Read: c.Millijoules,
		})
	}
	return counters, nil, nil
}

// choose finds the card that this process computes on: the one of its name or,
// where several have it, the one that lists the process.
func choose(cards []card, gpu string) ([]card, error) {
	left, err := those(cards, func(c card) (bool, error) {
		name, err := c.Name()
		return name == gpu, err
	})
	if len(left) > 1 && err == nil {
		left, err = those(left, func(c card) (bool, error) { return c.Computes(os.Getpid()) })
	}
	if err == nil && len(left) != 1 {
		err = fmt.Errorf("cannot tell which of %d cards is the %s that computes; give the program that card alone, as with docker run --gpus device=0", len(cards), gpu)
	}
	return left, err
}

// those returns the cards of which something is true.
func those(cards []card, is func(card) (bool, error)) (left []card, err error) {
	for _, c := range cards {
		ok, err := is(c)
		if err != nil {
			return nil, err
		}
		if ok {
			left = append(left, c)
		}
	}
	return left, nil
}
