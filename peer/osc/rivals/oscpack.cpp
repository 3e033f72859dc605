// Times oscpack on the packets of bench_test.go: every argument's value is read, as there.
#include "packets.h"
#include <oscpack/osc/OscOutboundPacketStream.h>
#include <oscpack/osc/OscReceivedElements.h>

static double visit(const osc::ReceivedMessage &m) {
  double sum = 0;
  for (auto a = m.ArgumentsBegin(); a != m.ArgumentsEnd(); ++a) {
    switch (a->TypeTag()) {
    case 'f': sum += a->AsFloatUnchecked(); break;
    case 'i': sum += a->AsInt32Unchecked(); break;
    case 's': sum += strlen(a->AsStringUnchecked()); break;
    }
  }
  return sum + (m.AddressPattern()[0] == '/');
}

static double visit(const osc::ReceivedBundle &b) {
  double sum = 0;
  for (auto e = b.ElementsBegin(); e != b.ElementsEnd(); ++e)
    sum += e->IsBundle() ? visit(osc::ReceivedBundle(*e)) : visit(osc::ReceivedMessage(*e));
  return sum;
}

static void decode(const char *name, const std::string &bytes) {
  report("oscpack", "decode", name, [&] {
    osc::ReceivedPacket p(bytes.data(), bytes.size());
    keep(p.IsBundle() ? visit(osc::ReceivedBundle(p)) : visit(osc::ReceivedMessage(p)));
  });
}

// encode also checks that the bytes are the same as those decoded.
template <class F> static void encode(const char *name, const std::string &want, F write) {
  char buf[1024];
  auto once = [&] {
    osc::OutboundPacketStream s(buf, sizeof buf);
    write(s);
    keep(s.Size());
    return s.Size();
  };
  if (std::string(buf, once()) != want) {
    fprintf(stderr, "oscpack writes packet %s differently\n", name);
    exit(1);
  }
  report("oscpack", "encode", name, once);
}

int main() {
  std::string a = as_bytes(packet_a), b = as_bytes(packet_b), c = packet_c();
  auto addresses = channels();
  decode("a", a);
  decode("b", b);
  decode("c", c);
  encode("a", a, [](auto &s) { s << osc::BeginMessage("/abc") << 0.5f << osc::EndMessage; });
  encode("b", b, [](auto &s) {
    s << osc::BeginMessage("/tuio/2Dcur") << "set" << osc::int32(7) << 0.25f << 0.5f << 0.75f << 0.0f << 1.0f
      << osc::EndMessage;
  });
  encode("c", c, [&](auto &s) {
    s << osc::BeginBundleImmediate;
    for (int i = 0; i < 20; i++) s << osc::BeginMessage(addresses[i].c_str()) << float(i) / 20 << osc::EndMessage;
    s << osc::EndBundle;
  });
}
