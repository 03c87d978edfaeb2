#define _GNU_SOURCE
#include "ending.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "include/output.h"

static void undo(void) {
  sice_remove_temporaries();
  sice_restore_terminal();
}

static void undo_and_end(int number) {
  undo();
  signal(number, SIG_DFL);
  raise(number);
}

/* A signal that is ignored, or that somebody else waits for, stays so: nohup, or a machine that is ended first. */
void sice_prepare_for_the_end(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU};
  static atomic_flag is_prepared = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&is_prepared)) return;
  atexit(undo);
  struct sigaction action = {.sa_handler = undo_and_end, .sa_flags = SA_RESTART}, before;
  for (unsigned int i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (sigaction(numbers[i], 0, &before) == 0 && before.sa_handler == SIG_DFL) sigaction(numbers[i], &action, 0);
}

void sice_block(sigset_t *before) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, before);
}

void sice_unblock(const sigset_t *before) {
  int error = errno;
  pthread_sigmask(SIG_SETMASK, before, 0);
  errno = error;
}
