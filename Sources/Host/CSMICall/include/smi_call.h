/* The way to the manager's port, and the core that it is used on. */
#ifndef SICE_SMI_CALL_H
#define SICE_SMI_CALL_H
#include <stdint.h>

#include "smi.h"

/* Lets this process write the SMI port, and no other. Returns 0, or -1 with errno set. */
int sice_smi_permit(uint16_t port);

/* Where a thread stays, and where it was allowed to be before (sched_setaffinity); zeros for one that does not stay. */
typedef struct {
  int is_staying, cpu;
  uint64_t before[16];
} sice_stay;

/* Keeps the calling thread on the core that it is on. Returns 0, or -1 with errno set. */
int sice_stay_on_core(sice_stay *state);
/* Lets it use the cores again that it had before. */
void sice_use_any_core(sice_stay *state);

/* A request with a fresh word among `words`, the request words of the mapped communication area, on one core, because the
 * SMI is raised on the core that wrote the port: most often without a system call by a thread that stays. Returns 0, or -1
 * when nobody is there. */
int sice_smi_call(sice_stay *state, volatile uint64_t *words, sice_smi_registers *registers);
#endif
