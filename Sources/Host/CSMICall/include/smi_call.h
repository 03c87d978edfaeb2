/* What only C can say about Linux: port permission, CPU affinity, timers and signals in files,
 * terminals. */
#ifndef SICE_SMI_CALL_H
#define SICE_SMI_CALL_H
#include <stdint.h>

#include "smi.h"

/* Lets this process write the SMI port, and no other. Returns 0, or -1 with errno set. */
int sice_smi_permit(uint16_t port);

/* A request with a fresh word among `words`, the request words of the mapped communication area, on one core, because the
 * SMI is raised on the core that wrote the port. Returns 0, or -1 when nobody is there. */
int sice_smi_call(volatile uint64_t *words, sice_smi_registers *registers);

/* Keeps the calling thread on the core that it is on, one thread at a time. Returns 0, or -1 with errno set. */
int sice_stay_on_core(void);
/* sice_smi_call() by that thread, most often without a system call. */
int sice_smi_call_staying(volatile uint64_t *words, sice_smi_registers *registers);
/* Lets it use the cores again that it had before. */
void sice_use_any_core(void);

/* A timer of the monotonic clock whose interrupt ends a guest's slice. Returns a file, or -1 with errno set. */
int sice_timer_make(void);
/* Sets it to a time of that clock; 0 stops it. */
void sice_timer_set(int timer, uint64_t nanoseconds);
/* Returns when one of at most eight files can be read (−1 for none), or after so many nanoseconds; UINT64_MAX: never by
 * itself. */
void sice_wait_for_input(const int *files, int count, uint64_t nanoseconds);
/* Makes input that arrives at this file interrupt the calling thread, by SIGIO; sice_input_came() says whether any did, at
 * any of these files, since it was last asked. Returns 0, or -1 with errno set. */
int sice_tell_of_input(int file);
int sice_input_came(void);
/* A file that can be read after each change of the terminal's size. Returns -1 with errno set. */
int sice_window_changes(void);
/* The size of the terminal that a file is, in characters. Returns 0, or -1 with errno set. */
int sice_window_size(int file, uint16_t *rows, uint16_t *columns);
/* Takes a connection, closed on exec. Returns a file, or -1 with errno set. */
int sice_accept(int listener);
#endif
