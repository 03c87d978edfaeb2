/* The SMI handler of the experiments, at 0x38000 before SMBASE is moved: what does SMM see, and for how long? It runs
 * nothing but itself and the guest of experiment_guest.S, and SMRAM holds nothing yet. Real-mode addressing; DS is flat. */
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
    cmpl $SICE_TRIAL_IN_GUEST, SICE_TRIAL_HOLD(%ebx)
    je 4f
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

    /* VMRUN needs protected mode, and segments that the table has. RSM brings back what this changes, but for the register of
     * the host state's page. */
4:  movl $(SICE_TRIAL_HANDLER + trial_smi_table_pointer - sice_trial_smi_start), %esi
    lgdtl (%esi)
    movl %cr0, %eax
    orl $1, %eax                    /* PE */
    movl %eax, %cr0
    ljmpl $8, $(SICE_TRIAL_HANDLER + 5f - sice_trial_smi_start)
    .code32
5:  movl $16, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl $0xC0000080, %ecx          /* EFER */
    rdmsr
    orl $0x1000, %eax               /* SVME */
    wrmsr
    movl $0xC0010117, %ecx          /* VM_HSAVE_PA */
    xorl %edx, %edx
    movl $SICE_TRIAL_HOST_STATE, %eax
    wrmsr
    movl $SICE_TRIAL_CONTROL, %eax
    clgi
6:  vmrun %eax
    movl $SICE_TRIAL_DATA, %ebx
    cmpl $0, SICE_TRIAL_HOLD(%ebx)
    jne 6b
    stgi
    movl $0xC0010117, %ecx
    xorl %edx, %edx
    xorl %eax, %eax
    wrmsr
    movl $1, SICE_TRIAL_DONE(%ebx)
    rsm
    .balign 8
trial_smi_table:
    .quad 0
    .quad 0x00CF9B000000FFFF        /* code, 32 bits */
    .quad 0x00CF93000000FFFF        /* data */
trial_smi_table_pointer:
    .word trial_smi_table_pointer - trial_smi_table - 1
    .long SICE_TRIAL_HANDLER + trial_smi_table - sice_trial_smi_start
sice_trial_smi_end:
