package script_test

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

func ExampleExpr_Filter() {
	w, tab := table.NewWriter(), table.New(table.Limits{})
	for i, address := range []string{"/fader/1", "/button/1", "/fader/2"} {
		w.AddCols("address", "arg1")
		w.Row()
		w.SetString(0, address)
		w.SetFloat32(1, float32(i)/4)
	}
	tab.Commit(w)

	where, err := script.CompileExpr("where", graph.Script{Text: "address.startswith('/fader') and arg1 > 0.1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range where.Filter(&graph.Cook{Frame: 1}, &tab.View, tab.Window()) {
		fmt.Println(row.Get("address"), err)
	}
	// Output:
	// /fader/2 <nil>
}

func ExampleProgram() {
	prog, err := script.Compile("callbacks", graph.Script{Text: `
last = {}
def onReceiveOSC(address, args):
    last[address] = args[0]
    return (frame, len(last))
`})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := &graph.Cook{Frame: 7}
	in, err := prog.Start(c, script.Env{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, address := range []string{"/a", "/b", "/b"} {
		fmt.Println(in.Call(c, "onReceiveOSC", script.Text(address), script.List(script.Float(0.5))))
	}
	_, err = in.Call(c, "onReceiveOSC", script.Text("/c"), script.List())
	fmt.Println(err)
	// Output:
	// (7, 1) <nil>
	// (7, 2) <nil>
	// (7, 2) <nil>
	// callbacks onReceiveOSC: 4:25: index 0 out of range: empty list
}
