/* Where a host in virtual-8086 mode runs, and the fields of PROBE_VIRTUAL_TRIP, 32 bits each but where said otherwise.
 * For C and assembly. */
#ifndef SICE_PROBE_VIRTUAL8086_H
#define SICE_PROBE_VIRTUAL8086_H
#define PROBE_VIRTUAL 0x62000
#define PROBE_VIRTUAL_TABLE 0x63000  /* interrupt table, of protected mode and of real mode at once */
#define PROBE_VIRTUAL_TASK 0x64000  /* task state and I/O bitmap */
#define PROBE_VIRTUAL_WINDOW 0x50000  /* where pages show what is read, and the local APIC behind it */
#define PROBE_VIRTUAL_TRIP 0x61000
#define PROBE_VIRTUAL_CR3 72
#define PROBE_VIRTUAL_CR4 76
#define PROBE_VIRTUAL_PAGED 80
#define PROBE_VIRTUAL_FLAGS 84  /* EFLAGS in virtual-8086 mode */
#define PROBE_VIRTUAL_PRIMES 88  /* 1: read before */
#define PROBE_VIRTUAL_SIGNALS 92  /* 1: an NMI waits when the SMI comes */
#define PROBE_VIRTUAL_OFFSET 96  /* of what is read, in its page */
#define PROBE_VIRTUAL_BREAKPOINT 100
#define PROBE_VIRTUAL_SECOND_BREAKPOINT 104
#define PROBE_VIRTUAL_DEBUG_CONTROL 108
#define PROBE_VIRTUAL_MAGIC_AT 112
#define PROBE_VIRTUAL_RAX 120  /* 64 bits each: RAX, RBX, R8 at the SMI */
#define PROBE_VIRTUAL_RBX 128
#define PROBE_VIRTUAL_R8 136
#define PROBE_VIRTUAL_BEFORE 144
#define PROBE_VIRTUAL_AFTER 148
#define PROBE_VIRTUAL_LOOT 152
#define PROBE_VIRTUAL_NMIS 156
#define PROBE_VIRTUAL_STEPS 160
#define PROBE_VIRTUAL_EAX 164  /* EAX, EBX, ECX, EDX, EDI behind the SMI */
#define PROBE_VIRTUAL_EBX 168
#define PROBE_VIRTUAL_ECX 172
#define PROBE_VIRTUAL_EDX 176
#define PROBE_VIRTUAL_EDI 180
#define PROBE_VIRTUAL_FRAME 184  /* EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS at the end */
#define PROBE_VIRTUAL_SIZE 224
#endif
