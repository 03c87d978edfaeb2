#define _GNU_SOURCE
#include "ending.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "include/output.h"

static void (*_Atomic before_the_end)(void);

/* First the programs that still write to temporary folders. */
static void undo(void) {
  void (*action)(void) = atomic_load(&before_the_end);
  if (action) action();
  sice_remove_temporaries();
  sice_restore_terminal();
}

static void undo_and_end(int number) {
  undo();
  signal(number, SIG_DFL);
  raise(number);
}

/* A signal that is ignored stays so, as under nohup or in a script's background; one that somebody else handles, too. But for
 * SIGQUIT, at which Swift's runtime may print where the program is, and lets it go on. */
static int is_ours(int number, const struct sigaction *before) {
  return before->sa_handler == SIG_DFL || (number == SIGQUIT && before->sa_handler != SIG_IGN);
}

void sice_prepare_for_the_end(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU};
  static atomic_flag is_prepared = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&is_prepared)) return;
  atexit(undo);
  struct sigaction action = {.sa_handler = undo_and_end, .sa_flags = SA_RESTART}, before;
  sigset_t heard;
  sigemptyset(&heard);
  for (unsigned int i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (sigaction(numbers[i], 0, &before) == 0 && is_ours(numbers[i], &before)) sigaction(numbers[i], &action, 0);
    sigaddset(&heard, numbers[i]);
  }
  /* Whoever started this program may have done it where signals are blocked, as Swift's threads for tasks have them. */
  pthread_sigmask(SIG_UNBLOCK, &heard, 0);
}

void sice_before_the_end(void (*action)(void)) {
  atomic_store(&before_the_end, action);
  sice_prepare_for_the_end();
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
