package sweep

import "ergon/internal/schema"

// Reprice gives a search another price and another limit, as text that a benchmark has under
// these keys; an empty text leaves what the file says. Candidates are drawn by the names of what is
// searched, so they stay the same: searches along an axis share runs if they share a folder's cells.
func (t *Tune) Reprice(price, limit string) error {
	for _, given := range []struct {
		key, text string
		read      func(d *document) field
	}{
		{"price", price, func(d *document) field { return field{"price", d.price(&t.Price)} }},
		{"limit", limit, func(d *document) field { return field{"limit", d.limit(&t.Limit)} }},
	} {
		if given.text == "" {
			continue
		}
		d := &document{}
		root, err := schema.Parse([]byte(given.key + ": " + given.text + "\n"))
		if err != nil {
			return err
		}
		d.mapping(root, "", []field{given.read(d)})
		if err := d.err(); err != nil {
			return err
		}
	}
	return nil
}
