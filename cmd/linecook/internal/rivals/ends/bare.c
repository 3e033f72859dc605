// Counts datagrams, and does nothing else: recvmmsg, 64 at a time, a receive buffer of 4 MiB.
// bare [join] has the kernel join datagrams (UDP_GRO).
#define _GNU_SOURCE
#include "end.h"
#include <arpa/inet.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64, SIZE = 1 << 16 };

static char *buffers, controls[BATCH][CMSG_SPACE(sizeof(int))];
static struct sockaddr_in from[BATCH];
static struct iovec iov[BATCH];
static struct mmsghdr messages[BATCH];

// datagrams returns how many a message is.
static long datagrams(struct mmsghdr *m) {
  struct cmsghdr *c = CMSG_FIRSTHDR(&m->msg_hdr);
  if (!c || c->cmsg_level != SOL_UDP || c->cmsg_type != UDP_GRO) return 1;
  int size;
  memcpy(&size, CMSG_DATA(c), sizeof size);
  return (m->msg_len + size - 1) / size;
}

static void *receive(void *fd) {
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      iov[i] = (struct iovec){buffers + (size_t)i * SIZE, SIZE};
      messages[i].msg_hdr = (struct msghdr){&from[i], sizeof from[i], &iov[i], 1, controls[i], sizeof controls[i], 0};
    }
    int n = recvmmsg((int)(intptr_t)fd, messages, BATCH, MSG_WAITFORONE, 0);
    for (int i = 0; i < n; i++) count += datagrams(&messages[i]);
  }
}

int main(int argc, char **argv) {
  (void)argv;
  int fd = socket(AF_INET, SOCK_DGRAM, 0), space = 4 << 20, join = argc > 1;
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  buffers = malloc((size_t)BATCH * SIZE);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &space, sizeof space)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &space, sizeof space);
  if (setsockopt(fd, IPPROTO_UDP, UDP_GRO, &join, sizeof join) || bind(fd, (struct sockaddr *)&at, size) ||
      getsockname(fd, (struct sockaddr *)&at, &size)) {
    perror("bare");
    return 1;
  }
  pthread_t t;
  pthread_create(&t, 0, receive, (void *)(intptr_t)fd);
  answer(ntohs(at.sin_port));
}
