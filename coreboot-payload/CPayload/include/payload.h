/* Code of the payload that runs where Swift cannot: in real mode, in SMM, on cores without a stack. */
#ifndef SICE_PAYLOAD_H
#define SICE_PAYLOAD_H
#include <stdint.h>
#include "experiment.h"

/* Code that is copied elsewhere before it runs: its address and size in the image. */
typedef struct {
  uint64_t address, size;
} sice_code;
/* From a SIPI to the parking page: goes to a page below 1 MiB. */
sice_code sice_wake_code(void);
/* The parking page: code and descriptors that a halted core needs for ever; position-independent. */
sice_code sice_park_code(void);
/* The SMI handler that changes SMBASE: goes to 0x38000. */
sice_code sice_relocate_code(void);
/* The SMI handler that only returns: goes to 0x38000 when all cores are relocated. */
sice_code sice_return_code(void);

/* Code of the experiments, to be copied to the places that experiment.h names, and where in the handler a breakpoint of
 * the interrupted program leads. */
sice_code sice_trial_smi_code(void);
uint32_t sice_trial_struck_offset(void);
sice_code sice_trial_real_code(void);
sice_code sice_trial_guest_code(void);
/* Real mode, one SMI to the core that the interrupt command register aims at, and back. */
void sice_trial_real_mode(void);
/* Enters the guest of a VMCB once. EFER.SVME and VM_HSAVE_PA are set. */
void sice_trial_vmrun(uint64_t control_block);

/* One less, while other cores count the same word up. */
static inline void sice_decrement(uint64_t address) {
  __asm__ volatile("lock decl (%0)" : : "r"(address) : "memory", "cc");
}
static inline void sice_increment(uint64_t address) {
  __asm__ volatile("lock incl (%0)" : : "r"(address) : "memory", "cc");
}

/* Offsets inside the copies. */
enum {
  SICE_WAKE_PARK_PAGE = 4,        /* u32: address of the parking page */
  SICE_WAKE_TABLE = 12,           /* u32: address of its descriptor table */
  SICE_PARK_TABLE = 0x400,        /* descriptor table */
  SICE_PARK_ARRIVED = 0x500,      /* u32: cores that came */
  SICE_PARK_READY = 0x504,        /* u32: cores that stored their identifier and halt */
  SICE_PARK_IDENTIFIERS = 0x508,  /* 8 x u32: local APIC identifiers */
  SICE_PARK_HEARTBEATS = 0x528,   /* 8 x u32: each counts while its core executes outside SMM */
  SICE_PARK_RELEASE = 0x548,      /* u32: not zero sends the cores to their halt loop */
  SICE_PARK_RESTORE = 0x54C,      /* u32: not zero makes the cores load an FPU environment again and again */
  SICE_PARK_ENVIRONMENT = 0x560,  /* 28 bytes: that environment */
  SICE_PARK_MARK = 0xFF0,         /* 16 bytes that the next boot looks for */
  SICE_RELOCATE_SMBASE = 4,       /* u32: the new SMBASE */
  SICE_RELOCATE_REVISION = 8,     /* u32: what the CPU says about its save state */
  SICE_RELOCATE_DONE = 12,        /* u32: 1 when the handler ran */
};
#endif
