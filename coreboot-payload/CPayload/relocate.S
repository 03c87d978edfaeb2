/* The first SMI of a core: SMBASE is still 0x30000, so the CPU enters at 0x38000 and leaves its state below 0x40000
 * (APM vol. 2, 10.2). RSM takes SMBASE from there. Real-mode addressing; DS and ES are flat. */
#include "rsm.h"

    .section .rodata.sice_relocate, "a", @progbits
    .balign 16
    .globl sice_relocate_start, sice_relocate_end
    .code16
sice_relocate_start:
    jmp 1f
    .org sice_relocate_start + 4    /* SICE_RELOCATE_SMBASE */
    .long 0
    .long 0                         /* SICE_RELOCATE_REVISION */
    .long 0                         /* SICE_RELOCATE_DONE */
1:  movl $0x3FEFC, %ebx             /* SMM revision identifier (APM vol. 2, table 10-1) */
    movl (%ebx), %eax
    movl $0x38008, %ebx
    movl %eax, (%ebx)
    movl $0x38004, %ebx
    movl (%ebx), %eax
    movl $0x3FF00, %ebx             /* SMBASE */
    movl %eax, (%ebx)
    movl $0x3800C, %ebx
    movl $1, %eax
    movl %eax, (%ebx)
    leave_smm %cs:SAVED_CR0
sice_relocate_end:

    /* What stays at the default SMBASE: it only returns. */
    .balign 16
    .globl sice_return_start, sice_return_end
sice_return_start:
    leave_smm %cs:SAVED_CR0
sice_return_end:
