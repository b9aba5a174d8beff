package device

import "ergon/internal/gpu"

// Queue queues one step of all networks. The step reads the gradients when it runs.
func (u *Updater) Queue() error { return u.QueueFor(u.place.Presentation) }

// QueueFor is Queue for another batch than the Place's: a short last batch of an epoch
// has its own activities and errors.
func (u *Updater) QueueFor(p Presentation) error {
	for _, r := range u.competitions.phases {
		if err := u.compete(r, p); err != nil {
			return err
		}
	}
	if u.fused {
		if err := u.launch("update_synapses", u.Chunks()); err != nil {
			return err
		}
	}
	if u.update.norms == 0 {
		return nil
	}
	if err := u.launch("propose_updates", u.Chunks()); err != nil {
		return err
	}
	if err := u.launch("measure_updates", len(u.chunkEnds)-1); err != nil {
		return err
	}
	return u.launch("apply_updates", u.Chunks())
}

// launch queues a kernel with x blocks for each network.
func (u *Updater) launch(kernel string, x int) error {
	return gpu.Launch(u.device, kernel, x, len(u.rules), u.update)
}
