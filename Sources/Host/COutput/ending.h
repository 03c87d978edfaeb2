/* What the files of this folder know of each other. */
#ifndef SICE_ENDING_H
#define SICE_ENDING_H
#include <signal.h>

/* From now on a signal that ends the program, and exit(), undo what is to be undone. */
void sice_prepare_for_the_end(void);
/* What happens until sice_unblock() cannot be seen by a handler in this thread. The second one keeps errno. */
void sice_block(sigset_t *before);
void sice_unblock(const sigset_t *before);
/* Removes every temporary file and folder. A handler may call it, as it may sice_restore_terminal(). */
void sice_remove_temporaries(void);
#endif
