/* What the probe needs below Swift: a command with a whole register file, state that an SMI must not change, and
 * the code of small guests. */
#ifndef SICE_PROBE_H
#define SICE_PROBE_H
#include <stdint.h>
#include "virtual8086.h"

/* Every general register but RSP. */
typedef struct {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15;
  /* RDTSC right before and right after the SMI; set by probe_command. */
  uint64_t before, after;
} probe_registers;

/* Loads the registers, writes AL to port 0xB2, waits (bounded) until RAX is no longer a request, stores them. */
void probe_command(probe_registers *registers);
/* The same without writing the port: waits long for the SMI of somebody else. */
void probe_wait(probe_registers *registers);

/* x87, SSE and AVX: an XSAVE area of 1,024 bytes, 64-aligned. probe_enable_vectors sets CR4 and XCR0 up. */
void probe_enable_vectors(void);
void probe_load_vectors(const uint8_t *area);
void probe_save_vectors(uint8_t *area);

/* A started core, behind code that stored R8 to R15 (Cores.swift). */
void probe_core_main(uint64_t index);

/* Control, debug and model-specific state, descriptor tables, selectors and flags. */
/* Writes 30 words. */
void probe_read_state(uint64_t *state);
/* Gives debug registers, CR2, flags and the MSRs of SVM and system calls values of their own. */
void probe_set_state(uint64_t hsave);

/* Calls `code` with `argument`; `slot` holds this core's stack pointer meanwhile. Returns 0 when it came back, else what
 * the exception's handler put into RAX when it led to probe_try_recovery (Traps.swift). */
uint64_t probe_try(uint64_t code, uint64_t argument, uint64_t slot);
uint64_t probe_try_recovery(void);
/* WRMSR: number and value, 8 bytes each, at the argument. */
uint64_t probe_code_wrmsr(void);

/* A trip to another mode of the CPU (modes.S). The code is copied to PROBE_MODES; PROBE_TRIP holds its fields, 32 bits each
 * from PROBE_TRIP_CR0 on. */
uint64_t probe_modes_start(void);
uint64_t probe_modes_size(void);
void probe_mode_trip(void);
enum {
  PROBE_MODES = 0x60000,
  PROBE_TRIP = 0x60800,
  PROBE_TRIP_CR0 = 72,
  PROBE_TRIP_CR3 = 76,
  PROBE_TRIP_CR4 = 80,
  PROBE_TRIP_EFER = 84,
  PROBE_TRIP_WIDTH = 88,      /* 16, 32 or 64 */
  PROBE_TRIP_TARGET = 92,     /* address that is read before and after the SMI */
  PROBE_TRIP_APIC_BASE = 96,  /* the local APIC's base register during the SMI, 0: as it is */
  PROBE_TRIP_BEFORE = 100,
  PROBE_TRIP_AFTER = 104,
  PROBE_TRIP_LOOT = 108,      /* exceptions in whose handler SMRAM was readable */
  PROBE_TRIP_EXCEPTIONS = 112,
  PROBE_TRIP_MAGIC_AT = 116,  /* where SMRAM has "SICE" */
  PROBE_TRIP_PRIMES = 120,    /* 1: read before */
  PROBE_TRIP_BREAKPOINT = 128,
  PROBE_TRIP_SECOND_BREAKPOINT = 132,
  PROBE_TRIP_DEBUG_CONTROL = 136,
  PROBE_TRIP_STEPS = 140,     /* 1: single step */
  PROBE_TRIP_SIGNALS = 144,   /* 1: an NMI waits when the SMI comes */
  PROBE_TRIP_SIGNALS_SEEN = 148,
  PROBE_TRIP_SIZE = 160
};

/* Guest programs: position-independent code that is copied to the text region. */
uint64_t probe_guests_start(void);
uint64_t probe_guests_size(void);

/* Entry offsets of the guests in that code. */
enum {
  probe_guest_exit = 0x000,
  probe_guest_echo = 0x040,
  probe_guest_spin = 0x080,
  probe_guest_undefined = 0x0C0,
  probe_guest_divide = 0x100,
  probe_guest_outside = 0x140,
  probe_guest_write_text = 0x180,
  probe_guest_execute_stack = 0x1C0,
  probe_guest_page_fault = 0x200,
  probe_guest_port = 0x240,
  probe_guest_service = 0x280,
  probe_guest_window = 0x2C0,
  probe_guest_smash = 0x300,
  probe_guest_count = 0x380,
  probe_guest_msr = 0x3C0,
  probe_guest_halt = 0x400,
  probe_guest_random = 0x440,
  probe_guest_breakpoint = 0x480,
  probe_guest_peek = 0x4C0,
  probe_guest_compute = 0x5C0,
  probe_guest_unmask = 0x640,
  probe_guest_tables = 0x6C0,
  probe_guest_fill = 0xD00,
  probe_guest_look = 0xD80,
  probe_guest_modes = 0xE00,
  probe_guest_modes_choice = 0xE01,   /* of a byte: 0 compatibility, 1 protected, 2 real mode */
  probe_guest_modes_wide = 0xE60,     /* what it runs in 32-bit code, and in 16-bit code */
  probe_guest_modes_narrow = 0xEA0,
  probe_guest_vectors = 0xF00
};

/* The kernel of TinyKernel.swift. */
uint64_t probe_kernel_start(void);
uint64_t probe_kernel_size(void);

/* A host in virtual-8086 mode (virtual8086.S). The code is copied to PROBE_VIRTUAL. */
uint64_t probe_virtual_start(void);
uint64_t probe_virtual_size(void);
/* Address of five words: offsets of step, signal, end, thief, and of the task's last instruction. */
uint64_t probe_virtual_entries(void);
void probe_virtual_trip(void);

/* Checks that a report (COSE_Sign1) is signed by a key, an uncompressed P-256 point; 1 if so. */
uint32_t probe_report_is_signed(const uint8_t *report, uint64_t size, const uint8_t *key);

/* Sets DR0 to DR3 and DR7 of the host. */
void probe_set_breakpoints(const uint64_t *addresses, uint64_t control);

/* Instruction counts of BearSSL's SHA-256 over `size` bytes at `data` (RDTSC under -icount). */
uint64_t probe_time_sha256(const void *data, uint64_t size);
#endif
