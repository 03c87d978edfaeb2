/* What only C can say about Linux: timers and signals in files, input that interrupts, terminals. Functions return 0 or a file,
 * or -1 with errno set. */
#ifndef SICE_LINUX_CALLS_H
#define SICE_LINUX_CALLS_H
#include <stdint.h>

/* A timer of the monotonic clock, as a file. */
int sice_timer_make(void);
/* Sets it to a time of that clock; 0 stops it. */
void sice_timer_set(int timer, uint64_t nanoseconds);

/* Returns when one of at most eight files can be read (−1 for none), or after so many nanoseconds; UINT64_MAX: never by
 * itself. */
void sice_wait_for_input(const int *files, int count, uint64_t nanoseconds);
/* Makes input that arrives at this file interrupt the calling thread, by SIGIO; sice_input_came() says whether any did, at
 * any of these files, since it was last asked. */
int sice_tell_of_input(int file);
int sice_input_came(void);

/* A file that can be read after each change of the terminal's size. */
int sice_window_changes(void);
/* The size of the terminal that a file is, in characters: rows in the upper half. */
long sice_window_size(int file);

/* Takes a connection, closed on exec. */
int sice_accept(int listener);
#endif
