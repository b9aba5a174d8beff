package maskstest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// The table has every interface of masks/capabilities.go, masks/accumulator.go, masks/writes.go and masks/locality.go.
func TestEveryCapabilityIsInTheTable(t *testing.T) {
	var declared, listed []string
	for _, name := range []string{"../capabilities.go", "../accumulator.go", "../writes.go", "../locality.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if _, ok := spec.Type.(*ast.InterfaceType); ok {
					declared = append(declared, spec.Name.Name)
				}
			}
			return true
		})
	}
	for _, c := range capabilities {
		listed = append(listed, c.name)
	}
	if !slices.Equal(declared, listed) {
		t.Errorf("the files declare %v, and the table has %v", declared, listed)
	}
}
