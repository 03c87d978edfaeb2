/* What only C can say about Linux: port permission, CPU affinity, and the SMI itself. */
#ifndef SICE_SMI_CALL_H
#define SICE_SMI_CALL_H
#include <stdint.h>

typedef struct {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi;
} sice_smi_registers;

/* Lets this process write the SMI port, and no other. Returns 0, or -1 with errno set. */
int sice_smi_permit(uint16_t port);

/* Writes the low byte of RAX to the SMI port with all registers loaded, and stores them when the manager has
 * changed RAX. Returns 0, or -1 when RAX did not change in a bounded time: nobody is there. The thread stays on one
 * core meanwhile, because the SMI is raised on the core that wrote the port. */
int sice_smi_call(sice_smi_registers *registers);
#endif
