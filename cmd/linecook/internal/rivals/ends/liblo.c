// A liblo server that takes the message by its address and types and reads its arguments.
#include "end.h"
#include <lo/lo.h>

static double sum;

static int cursor(const char *path, const char *types, lo_arg **argv, int argc, lo_message m, void *user) {
  (void)path, (void)types, (void)m, (void)user;
  for (int i = 2; i < argc; i++) sum += argv[i]->f;
  count++;
  return 0;
}

static void complain(int number, const char *text, const char *where) {
  fprintf(stderr, "liblo: %d %s %s\n", number, text, where ? where : "");
}

int main(void) {
  lo_server_thread t = lo_server_thread_new(0, complain);
  if (!t) return 1;
  lo_server_thread_add_method(t, "/tuio/2Dcur", "sifffff", cursor, 0);
  lo_server_thread_start(t);
  answer(lo_server_thread_get_port(t));
}
