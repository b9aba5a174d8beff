package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

var constants = map[string]Mem{}

// constant returns where n constants lie, each the first time that it is asked for by
// that name.
func constant(name string, n int, value func(i int) Constant) Mem {
	if at, ok := constants[name]; ok {
		return at
	}
	at := GLOBL(name, RODATA|NOPTR)
	for i := range n {
		DATA(i*value(i).Bytes(), value(i))
	}
	constants[name] = at
	return at
}
