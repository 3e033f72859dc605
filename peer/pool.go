package peer

// A pool keeps a few things for later. A nil pool keeps none. Unlike a sync.Pool it belongs to a
// socket and ends with it.
type pool[T any] chan *T

const poolSize = 16

func newPool[T any]() pool[T] { return make(pool[T], poolSize) }

func (p pool[T]) get() *T {
	select {
	case x := <-p:
		return x
	default:
		return new(T)
	}
}

func (p pool[T]) put(x *T) {
	select {
	case p <- x:
	default:
	}
}
