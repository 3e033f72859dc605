// The flow that does in Node-RED what `linecook bench tcp` does: lines in by TCP, split, filter, append. It is
// printed as JSON. Arguments: the port, and how many lines come.
const [port, count] = process.argv.slice(2).map(Number);
const code = `
const rows = context.get("rows") || [];
const [name, value, number, heat, text] = msg.payload.split(" ");
const v = parseFloat(value), n = parseInt(number), h = parseFloat(heat);
if (v > 0.5) {
	const kept = context.get("kept") || 0;
	rows[kept % 10000] = [name, v, n, h, text];
	context.set("rows", rows);
	context.set("kept", kept + 1);
}
const lines = (context.get("lines") || 0) + 1;
context.set("lines", lines);
if (lines === ${count}) node.warn("all lines came");
return null;`;
console.log(JSON.stringify([
	{id: "tab", type: "tab", label: "lines"},
	{
		id: "in", type: "tcp in", z: "tab", server: "server", host: "", port: String(port), datamode: "stream",
		datatype: "utf8", newline: "\\n", topic: "", trim: true, base64: false, tls: "", wires: [["split"]],
	},
	{id: "split", type: "function", z: "tab", func: code, outputs: 1, wires: [[]]},
]));
