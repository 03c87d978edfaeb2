/* Where the experiments on SMM and SVM find their code and their words: low memory around the default SMBASE, which the
 * payload owns until it hides or clears it. Shared with assembly. */
#ifndef SICE_EXPERIMENT_H
#define SICE_EXPERIMENT_H

#define SICE_TRIAL_REAL 0x34000      /* code in real mode */
#define SICE_TRIAL_GUEST 0x35000     /* code of an SVM guest */
#define SICE_TRIAL_VECTORS 0x36000   /* real-mode interrupt vectors */
#define SICE_TRIAL_HANDLER 0x38000   /* SMI handler: default SMBASE + 0x8000 */
#define SICE_TRIAL_DATA 0x3A000      /* words, below; not in a page with code */
#define SICE_TRIAL_CONTROL 0x41000   /* VMCB of the guest */
#define SICE_TRIAL_HOST_STATE 0x42000
#define SICE_TRIAL_NESTED 0x43000    /* nested page tables, 7 pages */
#define SICE_TRIAL_PAGE 0x4B000      /* a page of memory ... */
#define SICE_TRIAL_OTHER_PAGE 0x4C000 /* ... and where the guest's tables map it to */
#define SICE_TRIAL_STACK 0xFF00      /* SP of real mode: below 64 KiB, since SMM keeps SP and its SS has base 0 */

/* Offsets from SICE_TRIAL_DATA, u32. */
#define SICE_TRIAL_FIRST 0x00        /* an address, and what is read there: */
#define SICE_TRIAL_SECOND 0x04       /* another address */
#define SICE_TRIAL_FIRST_BEFORE 0x08 /* outside, before the SMI */
#define SICE_TRIAL_FIRST_INSIDE 0x0C /* in SMM */
#define SICE_TRIAL_SECOND_INSIDE 0x10
#define SICE_TRIAL_SECOND_AFTER 0x14 /* outside, after RSM */
#define SICE_TRIAL_DONE 0x18         /* 1: the handler came to its end */
#define SICE_TRIAL_STRUCK 0x1C       /* 1: a breakpoint struck in SMM */
#define SICE_TRIAL_HOLD 0x20         /* not 0: the handler does not return; until then it counts ... */
#define SICE_TRIAL_IN_HANDLER 1      /* ... itself, or ... */
#define SICE_TRIAL_IN_GUEST 2        /* ... the guest does, which it enters again whenever it leaves */
#define SICE_TRIAL_COUNT 0x24
#define SICE_TRIAL_BREAKPOINTS 0x28  /* DR7 while the SMI is raised */
#define SICE_TRIAL_GUEST_SMI 0x2C    /* not 0: the guest raises an SMI */
#define SICE_TRIAL_GUEST_SAW 0x30    /* what the guest read at the first address */
#define SICE_TRIAL_VECTOR_POINTER 0x38 /* u16 limit, u32 base */
/* What real mode destroys. */
#define SICE_TRIAL_CR0 0x40
#define SICE_TRIAL_CR3 0x44
#define SICE_TRIAL_CR4 0x48
#define SICE_TRIAL_EFER 0x4C
#define SICE_TRIAL_RSP 0x50          /* u64 */
#define SICE_TRIAL_GDTR 0x58         /* u16 limit, u64 base */
#define SICE_TRIAL_IDTR 0x68
#endif
