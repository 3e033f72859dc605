// Times liblo on the packets of bench_test.go. Decoding is lo_message_deserialise and a walk of
// argv; liblo has no public call that decodes a bundle, so for packet c each message in it is
// deserialised by hand. It decodes in place, so each run begins with a copy, which is not timed apart:
// it is a few nanoseconds. Encoding is building the message and writing it to a buffer.
#include "packets.h"
#include <lo/lo.h>

static double visit(const char *data, size_t size) {
  char copy[256];
  memcpy(copy, data, size);
  int status = 0;
  lo_message m = lo_message_deserialise(copy, size, &status);
  if (!m) {
    fprintf(stderr, "liblo refuses a packet: %d\n", status);
    exit(1);
  }
  const char *types = lo_message_get_types(m);
  lo_arg **argv = lo_message_get_argv(m);
  double sum = 0;
  for (int i = 0, n = lo_message_get_argc(m); i < n; i++) {
    switch (types[i]) {
    case 'f': sum += argv[i]->f; break;
    case 'i': sum += argv[i]->i; break;
    case 's': sum += strlen(&argv[i]->s); break;
    }
  }
  lo_message_free(m);
  return sum;
}

static double visit_bundle(const std::string &b) {
  double sum = 0;
  for (size_t at = 16; at < b.size();) {
    auto u = reinterpret_cast<const unsigned char *>(b.data() + at);
    size_t size = size_t(u[0]) << 24 | u[1] << 16 | u[2] << 8 | u[3];
    sum += visit(b.data() + at + 4, size);
    at += 4 + size;
  }
  return sum;
}

template <class F> static void encode(const char *name, const std::string &want, F write) {
  char buf[1024];
  if (std::string(buf, write(buf)) != want) {
    fprintf(stderr, "liblo writes packet %s differently\n", name);
    exit(1);
  }
  report("liblo", "encode", name, [&] { keep(write(buf)); });
}

static size_t finish(lo_message m, const char *address, char *buf) {
  size_t size = 1024;
  lo_message_serialise(m, address, buf, &size);
  lo_message_free(m);
  return size;
}

int main() {
  std::string a = as_bytes(packet_a), b = as_bytes(packet_b), c = packet_c();
  auto addresses = channels();
  report("liblo", "decode", "a", [&] { keep(visit(a.data(), a.size())); });
  report("liblo", "decode", "b", [&] { keep(visit(b.data(), b.size())); });
  report("liblo", "decode", "c", [&] { keep(visit_bundle(c)); });
  encode("a", a, [](char *buf) {
    lo_message m = lo_message_new();
    lo_message_add_float(m, 0.5f);
    return finish(m, "/abc", buf);
  });
  encode("b", b, [](char *buf) {
    lo_message m = lo_message_new();
    lo_message_add_string(m, "set");
    lo_message_add_int32(m, 7);
    for (float v : {0.25f, 0.5f, 0.75f, 0.0f, 1.0f}) lo_message_add_float(m, v);
    return finish(m, "/tuio/2Dcur", buf);
  });
  encode("c", c, [&](char *buf) {
    lo_bundle all = lo_bundle_new(LO_TT_IMMEDIATE);
    for (int i = 0; i < 20; i++) {
      lo_message m = lo_message_new();
      lo_message_add_float(m, float(i) / 20);
      lo_bundle_add_message(all, addresses[i].c_str(), m);
    }
    size_t size = 1024;
    lo_bundle_serialise(all, buf, &size);
    lo_bundle_free_recursive(all);
    return size;
  });
}
