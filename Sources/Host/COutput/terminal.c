#define _GNU_SOURCE
#include <signal.h>
#include <stdatomic.h>
#include <termios.h>

#include "ending.h"
#include "include/output.h"

static atomic_int raw_file = -1;
static struct termios terminal_before;

int sice_raw_terminal(int file) {
  struct termios settings;
  if (tcgetattr(file, &settings) != 0) return -1;
  terminal_before = settings;
  sice_prepare_for_the_end();
  sigset_t before;
  sice_block(&before);
  atomic_store(&raw_file, file);
  cfmakeraw(&settings);
  int result = tcsetattr(file, TCSANOW, &settings);
  sice_unblock(&before);
  return result;
}

void sice_restore_terminal(void) {
  int file = atomic_exchange(&raw_file, -1);
  if (file < 0) return;
  /* From the background this stops the program unless it is blocked; and the person wants the terminal back. */
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &stop, &before);
  tcsetattr(file, TCSANOW, &terminal_before);
  pthread_sigmask(SIG_SETMASK, &before, 0);
}
