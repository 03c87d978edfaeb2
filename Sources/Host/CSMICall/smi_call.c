#define _GNU_SOURCE
#include "include/smi_call.h"

#include <sched.h>
#include <sys/io.h>

int sice_smi_permit(uint16_t port) { return ioperm(port, 1, 1); }

int sice_smi_call(sice_smi_registers *registers) {
  cpu_set_t before, here;
  CPU_ZERO(&here);
  CPU_SET(sched_getcpu(), &here);
  if (sched_getaffinity(0, sizeof before, &before) != 0 || sched_setaffinity(0, sizeof here, &here) != 0) return -1;
  int result = sice_raise_smi(registers);
  sched_setaffinity(0, sizeof before, &before);
  return result;
}
