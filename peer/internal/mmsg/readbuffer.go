package mmsg

// SetReadBuffer asks the kernel for a receive buffer of want bytes and returns what it granted, which
// may be less, and more where there is a minimum. On Linux the limit is net.core.rmem_max, except for a
// process with CAP_NET_ADMIN.
//
// A granted byte is not a byte of payload: the kernel charges each datagram for its bookkeeping too.
// Linux allows twice what it grants for that, and charges a small datagram about 800 bytes of it.
func (c *Conn) SetReadBuffer(want int) (granted int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	ctlErr := raw.Control(func(fd uintptr) {
		if err = setReadBuffer(fd, want); err == nil {
			granted, err = readBuffer(fd)
		}
	})
	if ctlErr != nil {
		return 0, ctlErr
	}
	return granted, err
}
