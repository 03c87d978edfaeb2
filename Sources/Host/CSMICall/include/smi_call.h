/* What only C can say about Linux: port permission and CPU affinity. */
#ifndef SICE_SMI_CALL_H
#define SICE_SMI_CALL_H
#include <stdint.h>

#include "smi.h"

/* Lets this process write the SMI port, and no other. Returns 0, or -1 with errno set. */
int sice_smi_permit(uint16_t port);

/* sice_raise_smi() on one core, because the SMI is raised on the core that wrote the port. Returns 0, or -1 when nobody
 * is there. */
int sice_smi_call(sice_smi_registers *registers);
#endif
