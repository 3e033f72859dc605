// One end of connections, of the reference library. Its flags are those of Task in task.go, as -name=value,
// and what it says on standard output are the lines described there.

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <malloc.h>
#include <map>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <udt/udt.h>

typedef std::chrono::steady_clock Clock;

struct Task {
	std::string open, mode, work, ip;
	int peer, connections, ttl;            // ttl in ms
	uint64_t bytes, size;
	std::chrono::nanoseconds last, pause; // 0 if there is no limit, and no pause
	bool messages() const { return mode != "stream"; }
};

static void die(const char *what) {
	fprintf(stderr, "%s: %s\n", what, UDT::getlasterror().getErrorMessage());
	exit(1);
}

template <typename... Args> static void say(const char *format, Args... args) {
	printf(format, args...);
	fflush(stdout);
}

// content is what byte i of a connection is.
static char content(uint64_t i) { return char((i * 2654435761u) >> 13); }

// hash is FNV-1a.
static uint64_t hash(uint64_t h, const char *p, size_t n) {
	for (size_t i = 0; i < n; i++) h = (h ^ (unsigned char)p[i]) * 1099511628211u;
	return h;
}
static const uint64_t hashStart = 14695981039346656037u;

static double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

static int sendOne(UDTSOCKET u, const Task &t, const char *p, int n, int ttl = -1) {
	if (t.messages()) return UDT::sendmsg(u, p, n, ttl, t.mode == "inorder");
	for (int sent = 0; sent < n;) {
		int k = UDT::send(u, p + sent, n - sent, 0);
		if (k <= 0) return k;
		sent += k;
	}
	return n;
}

static int receiveOne(UDTSOCKET u, const Task &t, std::vector<char> &b) {
	return t.messages() ? UDT::recvmsg(u, b.data(), b.size()) : UDT::recv(u, b.data(), b.size(), 0);
}

static void sendAll(UDTSOCKET u, const Task &t) {
	std::vector<char> b(t.size);
	uint64_t sum = t.messages() ? 0 : hashStart, done = 0;
	while (done < t.bytes) {
		size_t n = std::min(t.size, t.bytes - done);
		for (size_t i = 0; i < n; i++) b[i] = content(done + i);
		if (sendOne(u, t, b.data(), n) != (int)n) die("send");
		sum = t.messages() ? sum + hash(hashStart, b.data(), n) : hash(sum, b.data(), n);
		done += n;
	}
	say("sum %llu %llu\n", (unsigned long long)done, (unsigned long long)sum);
}

static void receiveAll(UDTSOCKET u, const Task &t) {
	std::vector<char> b(t.messages() ? t.size + 1 : 1 << 16);
	uint64_t sum = t.messages() ? 0 : hashStart, done = 0;
	while (done < t.bytes) {
		int n = receiveOne(u, t, b);
		if (n <= 0) die("receive");
		sum = t.messages() ? sum + hash(hashStart, b.data(), n) : hash(sum, b.data(), n);
		done += n;
		std::this_thread::sleep_for(t.pause);
	}
	say("sum %llu %llu\n", (unsigned long long)done, (unsigned long long)sum);
}

static void sendAndReceiveAll(UDTSOCKET u, const Task &t) {
	std::thread sender(sendAll, u, t);
	receiveAll(u, t);
	sender.join();
}

static void receiveWhenTold(UDTSOCKET u, const Task &t) {
	getchar();
	receiveAll(u, t);
}

// settle waits until all is acknowledged, and some time: a library receiver loses the message that it has just taken
// in if the end of the connection comes at that moment.
static void settle(UDTSOCKET u) {
	int waiting, n = sizeof waiting;
	while (UDT::getsockopt(u, 0, UDT_SNDDATA, &waiting, &n) == 0 && waiting > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
	std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

static void fill(UDTSOCKET u, const Task &t) {
	std::vector<char> b(t.size);
	for (uint64_t done = 0; done < t.bytes; done += t.size) {
		if (sendOne(u, t, b.data(), b.size()) <= 0) {
			if (t.last.count() == 0) die("send");
			return;
		}
		if (done == 0) say("begun %d\n", (int)t.size);
	}
	settle(u);
}

static void drain(UDTSOCKET u, const Task &t) {
	Clock::time_point begin = Clock::now();
	std::vector<char> b(1 << 20);
	uint64_t done = 0;
	while (done < t.bytes && (t.last.count() == 0 || Clock::now() < begin + t.last)) {
		int n = receiveOne(u, t, b);
		if (n <= 0) die("receive");
		if (done == 0) say("begun %d\n", n);
		done += n;
	}
	say("rate %llu %f\n", (unsigned long long)done, since(begin));
}

static void echo(UDTSOCKET u, const Task &t) {
	std::vector<char> b(1 << 16);
	for (uint64_t done = 0; done < t.bytes;) {
		int n = receiveOne(u, t, b);
		if (n <= 0) die("receive");
		if (sendOne(u, t, b.data(), n) != n) die("send");
		done += n;
	}
}

static void ping(UDTSOCKET u, const Task &t) {
	std::vector<char> b(t.size);
	std::vector<double> times;
	for (uint64_t done = 0; done < t.bytes; done += t.size) {
		Clock::time_point begin = Clock::now();
		if (sendOne(u, t, b.data(), b.size()) <= 0) die("send");
		for (uint64_t got = 0; got < t.size;) {
			int n = receiveOne(u, t, b);
			if (n <= 0) die("receive");
			got += n;
		}
		times.push_back(since(begin));
	}
	std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
	say("rtt %.9f\n", times[times.size() / 2]);
}

static void offer(UDTSOCKET u, const Task &t) {
	std::vector<char> b(t.size);
	for (uint64_t at = 0; at < t.bytes; at += t.size) {
		bool last = at + t.size >= t.bytes;
		for (size_t i = 0; i < b.size(); i++) b[i] = content(at + i);
		for (int i = 0; i < 8; i++) b[i] = char(at >> 8 * i);
		if (sendOne(u, t, b.data(), b.size(), last ? -1 : t.ttl) <= 0) die("send");
	}
}

static void take(UDTSOCKET u, const Task &t) {
	std::vector<char> b(t.size + 1);
	int good = 0, bad = 0;
	for (uint64_t at = 0; at + t.size < t.bytes;) {
		int n = receiveOne(u, t, b);
		if (n <= 0) die("receive");
		at = 0;
		for (int i = 0; i < 8; i++) at |= uint64_t((unsigned char)b[i]) << 8 * i;
		bool right = n == (int)t.size;
		for (int i = 8; i < n; i++) right = right && b[i] == content(at + i);
		(right ? good : bad)++;
	}
	say("taken %d %d\n", good, bad);
}

static uint64_t resident() {
	long size = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (!f || fscanf(f, "%ld %ld", &size, &pages) != 2) exit(1);
	fclose(f);
	return uint64_t(pages) * sysconf(_SC_PAGESIZE);
}

static uint64_t heap() {
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

static double cpu() {
	rusage r;
	getrusage(RUSAGE_SELF, &r);
	return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

static sockaddr_storage address(const std::string &ip, int port, socklen_t &len) {
	sockaddr_storage s;
	memset(&s, 0, sizeof s);
	sockaddr_in *v4 = (sockaddr_in *)&s;
	sockaddr_in6 *v6 = (sockaddr_in6 *)&s;
	if (inet_pton(AF_INET, ip.c_str(), &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		len = sizeof *v4;
	} else {
		inet_pton(AF_INET6, ip.c_str(), &v6->sin6_addr);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		len = sizeof *v6;
	}
	return s;
}

// opener returns what opens the next connection of t. All share a port.
static std::function<UDTSOCKET()> opener(const Task &t) {
	static int port = 0;
	bool rendezvous = t.open == "rendezvous";
	auto bound = [=] {
		socklen_t len;
		sockaddr_storage local = address(t.ip, port, len);
		UDTSOCKET u = UDT::socket(local.ss_family, t.messages() ? SOCK_DGRAM : SOCK_STREAM, 0);
		if (rendezvous) UDT::setsockopt(u, 0, UDT_RENDEZVOUS, &rendezvous, sizeof rendezvous);
		if (UDT::bind(u, (sockaddr *)&local, len) == UDT::ERROR) die("bind");
		int n = sizeof local;
		if (UDT::getsockname(u, (sockaddr *)&local, &n) == UDT::ERROR) die("getsockname");
		bool v4 = local.ss_family == AF_INET;
		int now = ntohs(v4 ? ((sockaddr_in *)&local)->sin_port : ((sockaddr_in6 *)&local)->sin6_port);
		if (port != now) say("port %d\n", port = now);
		return u;
	};
	if (t.open == "listen") {
		UDTSOCKET listener = bound();
		if (UDT::listen(listener, 1024) == UDT::ERROR) die("listen");
		return [=] {
			UDTSOCKET u = UDT::accept(listener, 0, 0);
			if (u == UDT::INVALID_SOCK) die("accept");
			return u;
		};
	}
	return [=] {
		UDTSOCKET u = bound();
		socklen_t len;
		sockaddr_storage remote = address(t.ip, t.peer, len);
		if (UDT::connect(u, (sockaddr *)&remote, len) == UDT::ERROR) die("connect");
		return u;
	};
}

// idle opens connections that are used once, and tells what they cost.
static void idle(const Task &t) {
	auto next = opener(t);
	uint64_t residentBefore = resident(), heapBefore = heap();
	char b = 0;
	for (int i = 0; i < t.connections; i++) {
		UDTSOCKET u = next();
		if ((t.open == "listen" ? UDT::recv(u, &b, 1, 0) : UDT::send(u, &b, 1, 0)) != 1) die("first byte");
	}
	double before = cpu();
	std::this_thread::sleep_for(t.last);
	say("idle %lld %lld %f\n", (long long)(resident() - residentBefore), (long long)(heap() - heapBefore), cpu() - before);
	getchar();
	_exit(0);
}

int main(int argc, char **argv) {
	std::map<std::string, std::string> flags;
	for (int i = 1; i < argc; i++) {
		std::string s = argv[i] + 1;
		size_t at = s.find('=');
		flags[s.substr(0, at)] = s.substr(at + 1);
	}
	auto number = [&](const char *name) { return strtoull(flags[name].c_str(), 0, 10); };
	Task t = {flags["open"], flags["mode"], flags["work"], flags["ip"], (int)number("peer"), (int)number("connections"), (int)number("ttl"),
		number("bytes"), number("size"), std::chrono::milliseconds(number("last")), std::chrono::milliseconds(number("pause"))};
	std::map<std::string, void (*)(UDTSOCKET, const Task &)> works = {
		{"send", sendAll}, {"recv", receiveAll}, {"both", sendAndReceiveAll}, {"hold", receiveWhenTold}, {"fill", fill}, {"drain", drain},
		{"echo", echo}, {"ping", ping}, {"offer", offer}, {"take", take}};
	UDT::startup();
	if (t.work == "idle") idle(t);
	auto next = opener(t);
	std::vector<std::thread> threads;
	for (int i = 0; i < t.connections; i++) {
		UDTSOCKET u = next();
		threads.emplace_back([=] {
			works.at(t.work)(u, t);
			UDT::close(u);
		});
	}
	for (auto &thread : threads) thread.join();
	UDT::cleanup();
}
