/* Writes each argument, a number, to the SMI port. The distribution's kernel has no /dev/port. */
#include "smi_call.h"

#include <stdlib.h>
#include <sys/io.h>

int main(int count, char **arguments) {
  if (sice_smi_permit(0xB2) != 0) return 70;
  for (int n = 1; n < count; n++) outb((unsigned char)strtoul(arguments[n], 0, 0), 0xB2);
  return 0;
}
