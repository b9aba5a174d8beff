package accumulate

// Device is the memory device of the weights: what a write changes a weight by is a multiple of
// its step. Names stand for steps of published devices, on weights within ±1, as listed by the
// presets of IBM's Analog Hardware Acceleration Kit (aihwkit, simulator/presets/devices.py; their
// minimal step dw_min): of phase-change memory, two of resistive memory, capacitors, two of
// electrochemical memory, and what Gokmen & Vlasov 2016 ask for.
type Device struct {
	Epsilon float64 `key:"epsilon" doc:"step ε of the device, in units of the weights; 0: there is none, every change is written as it is" in:"[0,inf)" names:"pcm=0.01,reram_es=0.00135,reram_sb=0.002,capacitor=0.005,ecram=0.002,ecram_mo=2.8214e-4,idealized=2e-4,gokmen_vlasov=0.0016"`
}

// step returns ε as weights have it.
func (d *Device) step() float64 { return float64(float32(d.Epsilon)) }
