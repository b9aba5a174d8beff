package schema

import (
	"reflect"
	"slices"
	"testing"
)

type label string

// Apart has a setting.
type Apart struct {
	Depth int `key:"depth"`
}

// Only what has a key is a setting, and what stands in an embedded struct; a struct that
// has a name and no key is none, and neither is what else is embedded.
func TestSettingsHaveKeys(t *testing.T) {
	var s struct {
		label
		Apart
		Width int `key:"width"`
		Other struct {
			Height int `key:"height"`
		}
	}
	got := keysOf(fieldsOf(reflect.TypeOf(s)))
	if want := []string{"depth", "width"}; !slices.Equal(got, want) {
		t.Errorf("settings %v, want %v", got, want)
	}
}
