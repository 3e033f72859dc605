package take

// The types of fields in a description (google/protobuf/descriptor.proto).
const (
	typeInt64   = 3
	typeUint64  = 4
	typeString  = 9
	typeMessage = 11
	typeBytes   = 12
)

const (
	labelOptional = 1
	labelRepeated = 3
)

// A described is a field in the description of the messages.
type described struct {
	name   string
	number int
	typ    int
	of     string // the message that a repeated field has
}

// The names of the messages.
const (
	protoPackage = "linecook"
	eventMessage = "linecook.Event"
	frameMessage = "linecook.Frame"
)

// messages describes what is in a take. Numbers are for ever.
var messages = []struct {
	name   string
	fields []described
}{
	{"Event", []described{
		{"frame", eventFrame, typeUint64, ""}, {"kind", eventKind, typeUint64, ""},
		{"sequence", eventSeq, typeUint64, ""}, {"time_ns", eventTime, typeInt64, ""},
		{"data", eventData, typeBytes, ""}, {"reason", eventReason, typeString, ""},
		{"peer_id", eventPeer, typeBytes, ""}, {"protocol", eventProtocol, typeString, ""},
		{"address", eventAddress, typeString, ""}, {"port", eventPort, typeUint64, ""},
		{"local_address", eventLocal, typeString, ""},
		{"malformed", eventMalformed, typeUint64, ""},
	}},
	{"Frame", []described{
		{"frame", frameNumber, typeUint64, ""}, {"time_ns", frameTime, typeUint64, ""},
		{"lost_events", frameLost, typeUint64, ""}, {"losses", frameLosses, typeMessage, "Loss"},
		{"hashes", frameHashes, typeMessage, "Hash"},
		{"seen", frameSeen, typeMessage, "Seen"}, {"changes", frameChanges, typeMessage, "Change"},
	}},
	{"Loss", []described{
		{"node", lossNode, typeString, ""}, {"dropped", lossDropped, typeUint64, ""},
		{"malformed", lossMalformed, typeUint64, ""},
	}},
	{"Seen", []described{
		{"node", seenNode, typeString, ""}, {"key", seenKey, typeString, ""}, {"value", seenValue, typeString, ""},
	}},
	{"Change", []described{
		{"kind", changeKind, typeUint64, ""}, {"node", changeNode, typeString, ""}, {"parameter", changeParam, typeString, ""},
		{"value", changeValue, typeString, ""}, {"patch_json", changePatch, typeString, ""},
	}},
	{"Hash", []described{{"node", hashNode, typeString, ""}, {"table", hashTable, typeUint64, ""}, {"sent", hashSent, typeUint64, ""}}},
}

// description returns messages as a FileDescriptorSet.
func description() []byte {
	var file []byte
	file = appendField(file, 1, "linecook.proto")
	file = appendField(file, 2, protoPackage)
	for _, m := range messages {
		msg := appendField(nil, 1, m.name)
		for _, f := range m.fields {
			msg = appendField(msg, 2, f.describe())
		}
		file = appendField(file, 4, msg)
	}
	return appendField(nil, 1, appendField(file, 12, "proto3"))
}

func (f described) describe() []byte {
	label := uint64(labelOptional)
	if f.of != "" {
		label = labelRepeated
	}
	b := appendField(nil, 1, f.name)
	b = appendUint(b, 3, uint64(f.number))
	b = appendUint(b, 4, label)
	b = appendUint(b, 5, uint64(f.typ))
	if f.of != "" {
		b = appendField(b, 6, "."+protoPackage+"."+f.of)
	}
	return b
}
