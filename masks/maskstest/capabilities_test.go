package maskstest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// The table has every interface of masks/capabilities.go.
func TestEveryCapabilityIsInTheTable(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../capabilities.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared, listed []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			declared = append(declared, spec.Name.Name)
		}
		return true
	})
	for _, c := range capabilities {
		listed = append(listed, c.name)
	}
	if !slices.Equal(declared, listed) {
		t.Errorf("masks/capabilities.go declares %v, and the table has %v", declared, listed)
	}
}
