// The packets that bench_test.go decodes and encodes, byte for byte, and the clock.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

static const char packet_a[] = "/abc\0\0\0\0,f\0\0\x3f\0\0";
static const char packet_b[] =
    "/tuio/2Dcur\0,sifffff\0\0\0\0set\0\0\0\0\x07\x3e\x80\0\0\x3f\0\0\0\x3f\x40\0\0\0\0\0\0\x3f\x80\0";

// channels are the addresses of packet c: /ch/1 to /ch/20.
inline std::vector<std::string> channels() {
  std::vector<std::string> c;
  for (int i = 1; i <= 20; i++) c.push_back("/ch/" + std::to_string(i));
  return c;
}

// as_bytes gives a literal's last byte, which is its closing NUL, to the packet.
template <size_t N> std::string as_bytes(const char (&s)[N]) { return std::string(s, N); }

inline std::string packet_c() {
  std::string out = std::string("#bundle\0\0\0\0\0\0\0\0\x01", 16);
  int i = 0;
  for (auto address : channels()) {
    address.resize((address.size() + 4) & ~size_t(3));
    std::string m = address + std::string(",f\0\0", 4);
    float v = float(i++) / 20;
    uint32_t bits;
    memcpy(&bits, &v, 4);
    for (int shift = 24; shift >= 0; shift -= 8) m += char(bits >> shift);
    for (int shift = 24; shift >= 0; shift -= 8) out += char(m.size() >> shift);
    out += m;
  }
  return out;
}

// keep makes the compiler believe that somebody looks at v.
template <class T> inline void keep(T const &v) { asm volatile("" : : "r,m"(v) : "memory"); }

// report runs work for a few hundredths of a second and prints nanoseconds for one run of it.
template <class F> void report(const char *tool, const char *what, const char *packet, F work) {
  using clock = std::chrono::steady_clock;
  for (long n = 1000;; n *= 4) {
    auto begin = clock::now();
    for (long i = 0; i < n; i++) work();
    double ns = std::chrono::duration<double, std::nano>(clock::now() - begin).count();
    if (ns > 2e7) {
      printf("%s %s %s %.1f\n", what, packet, tool, ns / n);
      return;
    }
  }
}
