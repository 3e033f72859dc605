// What the ends that receive have in common: for each line on standard input they say how many
// messages they have had, and the seconds of processor time that took.
#pragma once
#include <stdio.h>
#include <sys/resource.h>

static volatile long count;

static inline void answer(int port) {
  printf("port %d\n", port);
  fflush(stdout);
  for (int c; (c = getchar()) != EOF;) {
    if (c != '\n') continue;
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    printf("count %ld %.6f\n", count,
           r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6);
    fflush(stdout);
  }
}
