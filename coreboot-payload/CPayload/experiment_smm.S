/* The SMI handler of the experiments, at 0x38000 before SMBASE is moved: what does SMM see, and for how long? It runs
 * nothing but itself, and SMRAM holds nothing yet. Real-mode addressing; DS is flat. */
#include "include/experiment.h"

    .section .rodata.sice_trial_smi, "a", @progbits
    .balign 16
    .globl sice_trial_smi_start, sice_trial_smi_struck, sice_trial_smi_end
    .code16
sice_trial_smi_start:
    movl $SICE_TRIAL_DATA, %ebx
    movl SICE_TRIAL_FIRST(%ebx), %esi
    movl (%esi), %eax
    movl %eax, SICE_TRIAL_FIRST_INSIDE(%ebx)
    movl SICE_TRIAL_SECOND(%ebx), %esi
    movl (%esi), %eax
    movl %eax, SICE_TRIAL_SECOND_INSIDE(%ebx)
1:  cmpl $0, SICE_TRIAL_HOLD(%ebx)
    je 2f
    incl SICE_TRIAL_COUNT(%ebx)
    jmp 1b
2:  movl $1, SICE_TRIAL_DONE(%ebx)
    /* Bare on purpose: whether RSM alone drops SMM's translations is what smmExitFlushesTranslations says. It may leave
     * some behind here: SMRAM is not in use, no code but the payload's runs, and the way back to long mode drops them. */
3:  rsm
    /* Vector 1 of the interrupted program, whose breakpoint is on the first instruction above. Coming here means that the
     * program's code runs in SMM; it leaves at once. DS is still the one of SMM. */
sice_trial_smi_struck:
    movl $SICE_TRIAL_DATA, %ebx
    movl $1, SICE_TRIAL_STRUCK(%ebx)
    jmp 3b
sice_trial_smi_end:
