// Sends OSC messages over UDP to a port of this machine: flood PORT SECONDS COUNT RATE SEGMENTS
// It ends after so many SECONDS, or about COUNT messages. RATE is messages a second, 0 for as many as
// go. SEGMENTS is how many datagrams are one message to the kernel (UDP_SEGMENT), 1 for each its own.
// Prints how many went out, and the seconds that took.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 64, SIZE = 52, SEGMENTS = 64, ID = 28 };

// TUIO's cursor message; its integer, at ID, counts the messages.
static const char packet[SIZE] = "/tuio/2Dcur\0,sifffff\0\0\0\0set\0\0\0\0\x07\x3e\x80\0\0\x3f\0\0\0\x3f\x40\0\0\0\0\0\0\x3f\x80\0";

static char payload[BATCH][SEGMENTS * SIZE];
static struct iovec iov[BATCH];
static struct mmsghdr messages[BATCH];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int connected(int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to)) die("connect");
  return fd;
}

// number writes into n datagrams, spread over the batch, which messages of all they are.
static void number(long first, int n, int segments) {
  for (int i = 0; i < n; i++) {
    uint32_t id = htonl(first + i);
    memcpy(payload[i / segments] + i % segments * SIZE + ID, &id, 4);
  }
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  int fd = connected(atoi(argv[1])), segments = atoi(argv[5]);
  double seconds = atof(argv[2]), rate = atof(argv[4]);
  long count = atol(argv[3]);
  for (int i = 0; i < BATCH; i++) {
    for (int j = 0; j < SEGMENTS; j++) memcpy(payload[i] + j * SIZE, packet, SIZE);
    iov[i] = (struct iovec){payload[i], (size_t)segments * SIZE};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
  }
  int size = segments > 1 ? SIZE : 0;
  if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size)) die("UDP_SEGMENT");
  long sent = 0;
  double begin = now(), t = begin;
  for (; t < begin + seconds && sent < count; t = now()) {
    long due = rate ? (long)((t - begin) * rate) - sent : BATCH * segments;
    int n = due / segments < BATCH ? due / segments : BATCH;
    if (n <= 0 || (rate && due < rate / 1000)) {
      nanosleep(&(struct timespec){.tv_nsec = 500000}, 0);
      continue;
    }
    number(sent, n * segments, segments);
    int went = sendmmsg(fd, messages, n, 0);
    if (went < 0) die("sendmmsg");
    sent += (long)went * segments;
  }
  printf("sent %ld %.6f\n", sent, t - begin);
}
