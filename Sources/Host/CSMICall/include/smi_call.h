/* The way to the manager's port, and the core that it is used on. */
#ifndef SICE_SMI_CALL_H
#define SICE_SMI_CALL_H
#include <stdint.h>

#include "smi.h"

/* Lets this process write the SMI port, and no other. Returns 0, or -1 with errno set. */
int sice_smi_permit(uint16_t port);

/* Keeps the calling thread on one core, the one that it is on where it can be. Returns 0, or -1 with errno set. */
int sice_stay_on_core(void);
/* The number of that core; -1 for a thread that does not stay. */
int sice_home(void);
/* Lets it use the cores that the process was given. */
void sice_use_any_core(void);

/* The CPUs that the calling thread may use, those that are offline now among them (/proc/thread-self/status). Returns 0, or -1
 * when the kernel does not tell. */
int sice_permitted_cpus(uint64_t set[16]);

/* A request with a fresh word among `words`, the request words of the mapped communication area, on one core, because the
 * SMI is raised on the core that wrote the port: most often without a system call by a thread that stays. Returns 0, or -1
 * when nobody is there. */
int sice_smi_call(volatile uint64_t *words, sice_smi_registers *registers);
#endif
