/* Attacks of root in Linux on the security manager, one per process. */
#ifndef ATTACK_H
#define ATTACK_H
#include "../area.h"
#include "smi_call.h"

/* What an attack found. */
typedef struct {
  uint64_t executions;
  /* What it saw first that may not be, and a number that says more; 0 when it held. */
  const char *seen;
  uint64_t number;
} finding;

/* Where SMRAM is, as the machine's owner configured it. */
typedef struct {
  uint64_t base, size;
} smram_range;

void note(finding *found, const char *what, uint64_t number);
/* SplitMix64, seeded by the command line. */
uint64_t any(void);

finding attack_device_memory(smram_range smram);
finding attack_bridge_registers(smram_range smram);
finding attack_without_word(void);
finding attack_used_word(void);
finding attack_inherited_port(void);
finding attack_random_commands(smram_range smram);
finding attack_register_reset(void);
finding attack_platform_hierarchy(void);

/* Extends a PCR by a digest in hexadecimal, or resets it. Returns the TPM's response code. */
uint32_t tpm_extend(uint32_t pcr, const char *digest);
uint32_t tpm_reset(uint32_t pcr);
/* Sends a command in hexadecimal to an open TPM and writes what it answers. Returns an exit status. */
int tpm_pass(int device, const char *text);
#endif
