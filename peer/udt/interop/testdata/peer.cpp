// One end of a connection, of the reference library, for the tests beside it.
//
//   peer listen|dial|rendezvous  stream|anyorder|inorder  send|recv|fill|drain|echo  IP PORT PEERPORT BYTES SIZE CONNECTIONS
//
// It moves BYTES bytes in messages (or calls) of SIZE bytes over each of CONNECTIONS connections, one after
// the other is opened and all at once. On standard output it says "port N" when it is bound, and "sum N H"
// for each connection: bytes and a sum of what they are. fill and drain send and receive without a sum, and
// drain says "seconds S", since the connection was open.

#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <udt/udt.h>

static void die(const char *what) {
	fprintf(stderr, "%s: %s\n", what, UDT::getlasterror().getErrorMessage());
	exit(1);
}

// content is what byte i of a connection is; messages of any order all have the content of the first.
static char content(uint64_t i) { return char((i * 2654435761u) >> 13); }

// hash is FNV-1a.
static uint64_t hash(uint64_t h, const char *p, size_t n) {
	for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 1099511628211u;
	return h;
}
static const uint64_t hashStart = 14695981039346656037u;

struct Run {
	bool messages, inorder;
	std::string what;
	uint64_t bytes, size;
};

static void report(uint64_t bytes, uint64_t sum) {
	printf("sum %llu %llu\n", (unsigned long long)bytes, (unsigned long long)sum);
	fflush(stdout);
}

static void sendAll(UDTSOCKET u, const Run &r) {
	std::vector<char> b(r.size);
	uint64_t sum = r.messages ? 0 : hashStart;
	for (uint64_t done = 0; done < r.bytes;) {
		size_t n = std::min(r.size, r.bytes - done);
		for (size_t i = 0; i < n; i++) b[i] = content(done + i);
		if (r.messages) {
			if (UDT::sendmsg(u, b.data(), n, -1, r.inorder) != (int)n) die("sendmsg");
			sum += hash(hashStart, b.data(), n);
		} else {
			for (size_t sent = 0; sent < n;) {
				int k = UDT::send(u, b.data() + sent, n - sent, 0);
				if (k <= 0) die("send");
				sent += k;
			}
			sum = hash(sum, b.data(), n);
		}
		done += n;
	}
	report(r.bytes, sum);
}

static void receiveAll(UDTSOCKET u, const Run &r) {
	std::vector<char> b(r.messages ? r.size + 1 : 1 << 20);
	uint64_t sum = r.messages ? 0 : hashStart, done = 0;
	while (done < r.bytes) {
		int n = r.messages ? UDT::recvmsg(u, b.data(), b.size()) : UDT::recv(u, b.data(), b.size(), 0);
		if (n <= 0) die("receive");
		sum = r.messages ? sum + hash(hashStart, b.data(), n) : hash(sum, b.data(), n);
		done += n;
	}
	report(done, sum);
}

static void fill(UDTSOCKET u, const Run &r) {
	std::vector<char> b(r.size);
	for (uint64_t done = 0; done < r.bytes;) {
		int k = r.messages ? UDT::sendmsg(u, b.data(), b.size(), -1, r.inorder) : UDT::send(u, b.data(), b.size(), 0);
		if (k <= 0) die("send");
		done += k;
	}
}

static void drain(UDTSOCKET u, const Run &r) {
	auto start = std::chrono::steady_clock::now();
	std::vector<char> b(1 << 20);
	for (uint64_t done = 0; done < r.bytes;) {
		int n = r.messages ? UDT::recvmsg(u, b.data(), b.size()) : UDT::recv(u, b.data(), b.size(), 0);
		if (n <= 0) die("receive");
		done += n;
	}
	std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
	printf("seconds %f\n", took.count());
	fflush(stdout);
}

static void echoAll(UDTSOCKET u, const Run &r) {
	std::vector<char> b(1 << 16);
	for (uint64_t done = 0; done < r.bytes;) {
		int n = UDT::recv(u, b.data(), b.size(), 0);
		if (n <= 0) die("receive");
		for (int sent = 0; sent < n;) {
			int k = UDT::send(u, b.data() + sent, n - sent, 0);
			if (k <= 0) die("send");
			sent += k;
		}
		done += n;
	}
}

static void serve(UDTSOCKET u, const Run r) {
	if (r.what == "send") sendAll(u, r);
	else if (r.what == "recv") receiveAll(u, r);
	else if (r.what == "fill") fill(u, r);
	else if (r.what == "drain") drain(u, r);
	else echoAll(u, r);
	UDT::close(u);
}

static sockaddr_storage address(const char *ip, int port, socklen_t &len) {
	sockaddr_storage s;
	memset(&s, 0, sizeof s);
	sockaddr_in *v4 = (sockaddr_in *)&s;
	sockaddr_in6 *v6 = (sockaddr_in6 *)&s;
	if (inet_pton(AF_INET, ip, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		len = sizeof *v4;
	} else {
		inet_pton(AF_INET6, ip, &v6->sin6_addr);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		len = sizeof *v6;
	}
	return s;
}

static UDTSOCKET open(const char *ip, int port, bool messages, bool rendezvous) {
	socklen_t len;
	sockaddr_storage local = address(ip, port, len);
	UDTSOCKET u = UDT::socket(local.ss_family, messages ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (rendezvous) UDT::setsockopt(u, 0, UDT_RENDEZVOUS, &rendezvous, sizeof rendezvous);
	if (UDT::bind(u, (sockaddr *)&local, len) == UDT::ERROR) die("bind");
	int n = sizeof local;
	if (UDT::getsockname(u, (sockaddr *)&local, &n) == UDT::ERROR) die("getsockname");
	int bound = ntohs(local.ss_family == AF_INET ? ((sockaddr_in *)&local)->sin_port : ((sockaddr_in6 *)&local)->sin6_port);
	printf("port %d\n", bound);
	fflush(stdout);
	return u;
}

int main(int argc, char **argv) {
	if (argc != 10) return 2;
	std::string how = argv[1], mode = argv[2];
	Run r = {mode != "stream", mode == "inorder", argv[3], strtoull(argv[7], 0, 10), strtoull(argv[8], 0, 10)};
	const char *ip = argv[4];
	int port = atoi(argv[5]), peer = atoi(argv[6]), connections = atoi(argv[9]);
	UDT::startup();
	std::vector<std::thread> threads;
	UDTSOCKET listener = 0;
	if (how == "listen") {
		listener = open(ip, port, r.messages, false);
		if (UDT::listen(listener, 64) == UDT::ERROR) die("listen");
	}
	for (int i = 0; i < connections; i++) {
		UDTSOCKET u;
		if (how == "listen") {
			u = UDT::accept(listener, 0, 0);
			if (u == UDT::INVALID_SOCK) die("accept");
		} else {
			u = open(ip, port, r.messages, how == "rendezvous");
			socklen_t len;
			sockaddr_storage remote = address(ip, peer, len);
			if (UDT::connect(u, (sockaddr *)&remote, len) == UDT::ERROR) die("connect");
		}
		threads.emplace_back(serve, u, r);
	}
	for (auto &t : threads) t.join();
	if (listener) UDT::close(listener);
	UDT::cleanup();
}
