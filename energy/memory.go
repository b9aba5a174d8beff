package energy

import "encoding/json"

// Memory is the traffic of what a learning rule remembers of synapses besides their
// weights: velocities, moments, permanent parts, numbers of 32 bits. A cache that reads
// or moves weights has that in it, too. In JSON it is null unless it is known.
type Memory struct {
	Reads, Writes int64
	Known         bool
}

// memoryJSON is a known Memory in JSON.
type memoryJSON struct {
	Reads  int64 `json:"reads"`
	Writes int64 `json:"writes"`
}

// MarshalJSON implements json.Marshaler.
func (m Memory) MarshalJSON() ([]byte, error) {
	if !m.Known {
		return []byte("null"), nil
	}
	return json.Marshal(memoryJSON{m.Reads, m.Writes})
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Memory) UnmarshalJSON(text []byte) error {
	var known *memoryJSON
	err := json.Unmarshal(text, &known)
	if *m = (Memory{}); known != nil {
		*m = Memory{known.Reads, known.Writes, true}
	}
	return err
}

// add adds other traffic; the sum is known if both are.
func (m *Memory) add(n Memory) {
	if m.Known = m.Known && n.Known; !m.Known {
		*m = Memory{}
		return
	}
	m.Reads += n.Reads
	m.Writes += n.Writes
}

// ForgetMemory says why the traffic of the rule's memory is not known in this run. What
// it is charged to has no price then.
func (l *Ledger) ForgetMemory(reason string) {
	l.unknownMemory = reason
	l.total.Memory, l.last.Memory = Memory{}, Memory{}
	for i := range l.Layers {
		l.Layers[i].Update.Memory = Memory{}
	}
}
