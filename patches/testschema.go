package patches

import "encoding/json"

// TestSchema returns the JSON Schema (draft 2020-12) of a file of tests, for editors. Whether its nodes are
// those of the patch is for the run to find out.
func TestSchema() ([]byte, error) {
	claims := claimsSchema()
	test := object{
		"type": "object", "required": []string{"expect"}, "additionalProperties": false,
		"properties": object{
			"params": testValues, "input": listOf(inputSchema()), "until": momentSchema,
			"expect": object{"anyOf": []any{claims, listOf(claims)}, "description": "what must have come out at the end, or at several moments"},
		},
	}
	return json.MarshalIndent(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Tests of a Linecook patch",
		"type": "object", "required": []string{"linecook", "tests"}, "additionalProperties": false,
		"properties": object{
			"linecook": object{"const": Version, "description": "version of the file"},
			"patch":    described(textSchema, "file of the patch, in the folder of the tests; without it show.yaml for show_test.yaml"),
			"params":   testValues,
			"tests":    object{"type": "object", "additionalProperties": test},
		},
	}, "", "  ")
}

var (
	momentSchema = described(textSchema, "seconds, as 1.5, or as 1m30s")
	testValues   = object{"type": []string{"object", "null"}, "additionalProperties": textSchema, "description": "values of the patch's parameters"}
	testMessage  = object{"type": []string{"string", "number", "boolean", "null"}}
)

func described(schema object, text string) object {
	return object{"allOf": []any{schema}, "description": text}
}

// listOf is a list, which may be left empty.
func listOf(item any) object { return object{"type": []string{"array", "null"}, "items": item} }

// messages are the keys of which a message has one.
func messages() object {
	return object{
		"osc":   described(testMessage, "an OSC message: its address and its arguments, as /fader/1 0.7"),
		"text":  described(testMessage, "a message as text"),
		"bytes": described(testMessage, "a message in hexadecimal"),
		"close": described(flagSchema, "a connection ends"),
	}
}

// inputSchema is something that happens at a node's socket.
func inputSchema() object {
	properties := messages()
	properties["connect"] = described(flagSchema, "a connection begins")
	properties["at"] = momentSchema
	properties["to"] = described(textSchema, "the node")
	properties["from"] = described(textSchema, "a name for the peer that it comes from")
	properties["times"] = object{"type": "integer", "minimum": 1, "maximum": 1_000_000}
	properties["every"] = momentSchema
	return object{"type": "object", "required": []string{"to"}, "properties": properties, "additionalProperties": false}
}

// claimsSchema is what is expected at one moment.
func claimsSchema() object {
	of := func(item any) object { return object{"type": "object", "additionalProperties": listOf(item)} }
	rows := of(object{"type": []string{"array", "object"}})
	sent := of(object{"type": "object", "properties": messages(), "additionalProperties": false, "minProperties": 1})
	return object{"type": "object", "additionalProperties": false, "properties": object{
		"frame": object{"type": "integer", "minimum": 1}, "at": momentSchema,
		string(RowsOf): rows, string(TableOf): rows, string(SentBy): sent, string(ReceivedBy): sent, string(ErrorsOf): of(textSchema),
	}}
}
