/* Attacks of root in Linux on the security manager, one per process. */
#ifndef ATTACK_H
#define ATTACK_H
#include "../area.h"
#include "smi_call.h"

#include <stddef.h>

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
finding attack_indices(void);
finding attack_clear(void);
finding attack_lockout(void);
finding attack_remains(void);
finding attack_wake(void);

/* Writes to a window until a file is there. */
int storm(uint64_t offset, uint64_t size, const char *file);
/* Returns when the machine was woken without a reset, or did not sleep: with an exit status. */
int sleep_now(void);

/* A 32-bit number as the TPM takes it. */
#define TPM_BYTES(n) (uint8_t)((n) >> 24), (uint8_t)((n) >> 16), (uint8_t)((n) >> 8), (uint8_t)(n)
/* TPM_RC_INITIALIZE. */
enum { tpm_initialized = 0x100 };
/* A command that is authorized by a password. Returns the response code. */
uint32_t tpm_command(uint32_t code, const uint32_t *handles, unsigned handle_count, const char *password,
    const uint8_t *parameters, size_t count);
uint32_t tpm_startup(uint32_t type);
/* Extends a PCR by a digest in hexadecimal, or resets it. Returns the TPM's response code. */
uint32_t tpm_extend(uint32_t pcr, const char *digest);
uint32_t tpm_reset(uint32_t pcr);
/* Sends a command in hexadecimal to an open TPM and writes what it answers. Returns an exit status. */
int tpm_pass(int device, const char *text);
#endif
