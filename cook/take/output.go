package take

import (
	"bufio"
	"io"
	"strings"
	"time"

	"github.com/foxglove/mcap/go/mcap"
)

const (
	chunkSize = 1 << 20
	writeTime = 400 * time.Millisecond // from one writing of what waits to the next

	framesTopic   = "frames" // a node's begins with a slash
	framesChannel = 1
	maxChannels   = 1<<16 - 2 - framesChannel
)

// The identities of the schemas.
const (
	eventSchema = iota + 1
	frameSchema
	rowSchema
)

// An output writes batches to a file.
type output struct {
	file    *bufio.Writer
	mcap    *mcap.Writer
	options *mcap.WriterOptions // which mcap reads whenever it has written a message
	spare   batch
	buf     []byte
	msg     mcap.Message
}

func newOutput(w io.Writer, info *Info) (*output, error) {
	o := &output{file: bufio.NewWriter(w), options: &mcap.WriterOptions{
		IncludeCRC: true, Chunked: true, ChunkSize: chunkSize, Compression: mcap.CompressionZSTD,
		CompressionLevel: mcap.CompressionLevelFastest,
	}}
	about, err := info.encode()
	if err != nil {
		return nil, err
	}
	if o.mcap, err = mcap.NewWriter(o.file, o.options); err != nil {
		return nil, err
	}
	for _, write := range []func() error{
		func() error { return o.mcap.WriteHeader(&mcap.Header{Profile: metadata}) },
		func() error { return o.mcap.WriteMetadata(&mcap.Metadata{Name: metadata, Metadata: about}) },
		func() error { return o.schema(eventSchema, eventMessage) },
		func() error { return o.schema(frameSchema, frameMessage) },
		func() error { return o.mcap.WriteSchema(&rowsSchema) },
		func() error { return o.channel(framesChannel, framesTopic) },
		o.file.Flush,
	} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *output) schema(id uint16, name string) error {
	return o.mcap.WriteSchema(&mcap.Schema{ID: id, Name: name, Encoding: "protobuf", Data: description()})
}

func (o *output) channel(id uint16, topic string) error {
	c := mcap.Channel{ID: id, SchemaID: eventSchema, Topic: topic, MessageEncoding: "protobuf"}
	switch {
	case topic == framesTopic:
		c.SchemaID = frameSchema
	case strings.HasPrefix(topic, rowsTopic):
		c.SchemaID, c.MessageEncoding = rowSchema, "json"
	}
	return o.mcap.WriteChannel(&c)
}

// write writes a batch, and closes the chunk behind it: what was written is in the file then.
func (o *output) write(b *batch) error {
	for i := range b.items {
		if i == len(b.items)-1 {
			o.options.ChunkSize = 0 // mcap closes a chunk that is longer than this, and has no other way to
		}
		if err := o.message(b, &b.items[i]); err != nil {
			return err
		}
	}
	o.options.ChunkSize = chunkSize
	return o.file.Flush()
}

func (o *output) message(b *batch, it *item) error {
	if it.topic != "" {
		if err := o.channel(it.channel, it.topic); err != nil {
			return err
		}
	}
	data := b.arena[it.lo:it.hi]
	if it.frame != nil {
		for _, t := range it.tables {
			it.frame.Hashes = append(it.frame.Hashes, Hash{t.node, hashOf(&t.View), t.sent})
		}
		o.buf = it.frame.appendTo(o.buf[:0])
		data = o.buf
	}
	o.msg = mcap.Message{ChannelID: it.channel, Sequence: it.seq, LogTime: it.log, PublishTime: it.publish, Data: data}
	return o.mcap.WriteMessage(&o.msg)
}

func (o *output) close() error {
	if err := o.mcap.Close(); err != nil {
		return err
	}
	return o.file.Flush()
}
