/* What the files of this folder know of each other. */
#ifndef SICE_KEEPER_H
#define SICE_KEEPER_H
#include <sys/types.h>

#include "include/children.h"

struct sice_program {
  const char *path;
  /* The program's name first, NULL last. */
  char *const *arguments;
  /* Where it runs; empty for here. */
  const char *folder;
  int output, lock;
};

/* What goes over the line to the keeper. Its end means STOP, unless DETACH came before. One byte comes back: the program runs,
 * or could not be started. */
enum { STOP = 'S', DETACH = 'D' };

/* What the keeper finds out; in memory that both processes share. */
struct sice_finding {
  /* The program, or 0 and the errno of its start. */
  pid_t identifier;
  int error;
  /* As waitpid() gives it, from the start that of SIGKILL: what the program gets when its keeper is killed. */
  int status;
};

/* The keeper's life, in a process of its own, in which all signals are blocked. */
_Noreturn void sice_keep(const struct sice_program *program, struct sice_finding *finding, int line);
#endif
