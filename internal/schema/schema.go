// Package schema turns a tree of settings (mappings, lists and scalars, as
// viper or a YAML reader gives them) into typed structs, and back into
// commented YAML.
//
// A struct describes its settings by field tags:
//
//	P      float64 `key:"p" doc:"probability of an update" in:"(0,1]"`
//	Redraw string  `key:"redraw" doc:"when the mask is drawn anew" oneof:"step|never"`
//
// key is the lower-case key in the tree, doc one line with the unit, in an
// interval for numbers (inf may be an end), oneof the allowed strings. A string
// that may be anything has text:"path" if it names a file or a folder, for which
// [Path] says what it means, or text:"name" if it is a name. precision:"float32"
// says that all floats below are computed with as float32: what would be zero or
// infinite there, and was not written so, is refused. names:"half=0.5,all=1" on a float
// gives names that stand for numbers; what is decoded, and encoded, is the number. On a list, in and oneof hold for each element, on a list of lists for each of
// theirs. A field without key is ignored; an embedded struct without key is
// inlined. The default of a setting is whatever the destination holds before
// [Decode].
//
// Fields are bool, int, int64, uint64, float64, string, lists of int, float64
// and string, lists of such lists (a matrix, its rows), structs, and unions (see
// [Union]) or lists of unions.
//
// Mistakes in the settings are errors that say where they are; mistakes in a
// struct's tags or in a registration are the programmer's and panic.
package schema

// maxProblems bounds how many problems one call reports: beyond it a reader
// has lost the thread, and most of them follow from the first few.
const maxProblems = 20

// maxDepth bounds the nesting of settings, so that a tree that contains itself
// ends in an error.
const maxDepth = 64

// MaxDocument is the size in bytes above which a YAML document is refused:
// settings are written by hand.
const MaxDocument = 1 << 20

// maxValues bounds how many values a document can have, before it is parsed.
const maxValues = 1 << 16

// maxKeys is the number of keys above which a mapping is refused: the YAML
// library compares every two of them.
const maxKeys = 1000

// maxKeyShown is the length in bytes to which messages cut a key.
const maxKeyShown = 64

// A Locator says where the setting at a path such as rule.mask[0].p was given.
// Line counts from 1; line 0 means that the file has no lines, as with the
// command line.
type Locator func(path string) (file string, line int)
