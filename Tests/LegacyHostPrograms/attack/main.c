/* linux-attack NUMBER SEED SMRAM-BASE SMRAM-SIZE: makes one attack and writes its lines as the bare-metal attacker does
 *   attempt L01
 *   attack L01 NAME THREAT held|broken EXECUTIONS WHAT-WAS-SEEN NUMBER
 * linux-attack extend PCR DIGEST | reset PCR: root may do that; exit status 0 when the TPM did it.
 * linux-attack storm SEED OFFSET SIZE FILE: writes to that part of the communication area until FILE is there.
 * linux-attack sleep: S3, until the clock wakes the machine.
 * linux-attack tpm COMMAND: sends a command, in hexadecimal, to the TPM that file 3 is, which keeps the keys of one command
 * for the next; writes "tpm" and the response. */
#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed;

uint64_t any(void) {
  uint64_t z = seed += 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

void note(finding *found, const char *what, uint64_t number) {
  if (found->seen != 0) return;
  found->seen = what;
  found->number = number;
}

static int make(const char *number, smram_range smram, finding *found) {
  switch (atoi(number + 1)) {
  case 1: *found = attack_device_memory(smram); return 0;
  case 2: *found = attack_bridge_registers(smram); return 0;
  case 3: *found = attack_without_word(); return 0;
  case 4: *found = attack_used_word(); return 0;
  case 5: *found = attack_inherited_port(); return 0;
  case 6: *found = attack_random_commands(smram); return 0;
  case 7: *found = attack_register_reset(); return 0;
  case 8: *found = attack_platform_hierarchy(); return 0;
  case 13: *found = attack_indices(); return 0;
  case 14: *found = attack_clear(); return 0;
  case 15: *found = attack_lockout(); return 0;
  case 16: *found = attack_remains(); return 0;
  case 17: *found = attack_wake(); return 0;
  default: return -1;
  }
}

int main(int count, char **arguments) {
  if (count == 4 && strcmp(arguments[1], "extend") == 0)
    return tpm_extend((uint32_t)atoi(arguments[2]), arguments[3]) != 0;
  if (count == 3 && strcmp(arguments[1], "reset") == 0) return tpm_reset((uint32_t)atoi(arguments[2])) != 0;
  if (count == 3 && strcmp(arguments[1], "tpm") == 0) return tpm_pass(3, arguments[2]);
  if (count == 2 && strcmp(arguments[1], "sleep") == 0) return sleep_now();
  if (count == 6 && strcmp(arguments[1], "storm") == 0) {
    seed = strtoull(arguments[2], 0, 0);
    return storm(strtoull(arguments[3], 0, 0), strtoull(arguments[4], 0, 0), arguments[5]);
  }
  if (count != 5 || arguments[1][0] != 'L') return 64;
  seed = strtoull(arguments[2], 0, 0);
  const smram_range smram = {strtoull(arguments[3], 0, 0), strtoull(arguments[4], 0, 0)};
  if (sice_smi_permit(0xB2) != 0) return 70;
  printf("attempt %s\n", arguments[1]);
  fflush(stdout);
  finding found = {0};
  if (make(arguments[1], smram, &found) != 0) return 64;
  printf("attack %s - - %s %llu %s %llx\n", arguments[1], found.seen ? "broken" : "held",
      (unsigned long long)found.executions, found.seen ? found.seen : "-", (unsigned long long)found.number);
  return 0;
}
