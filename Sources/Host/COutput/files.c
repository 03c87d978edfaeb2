#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "ending.h"
#include "include/output.h"

static void do_nothing(int number) { (void)number; }

/* With the end of a pipe that is of no use there, whose other end nobody has. It takes the lowest number that is free. */
static void hold(int file) {
  int ends[2];
  if (pipe(ends) != 0) return;
  if (file == 0) dup2(ends[1], ends[0]);
  close(ends[1]);
}

void sice_begin(void) {
  sice_prepare_for_the_end();
  for (int file = 0; file < 3; file++)
    if (fcntl(file, F_GETFD) < 0) hold(file);
  /* Not ignored, which programs that are started would inherit. */
  struct sigaction action = {.sa_handler = do_nothing, .sa_flags = SA_RESTART};
  sigaction(SIGXFSZ, &action, 0);
}
