/* A guest of a few instructions, and its entry. */
#include "include/experiment.h"

    .section .text.sice_trial_vmrun, "ax", @progbits
    .code64
    .globl sice_trial_vmrun
sice_trial_vmrun:                   /* rdi = VMCB. The guest changes every register but RAX and RSP. */
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rdi, %rax
    clgi
    vmrun %rax
    stgi
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    /* Runs at SICE_TRIAL_GUEST in real mode with a flat DS: counts while it shall, raises an SMI if it shall, reads the first
     * address, leaves. */
    .section .rodata.sice_trial_guest, "a", @progbits
    .balign 16
    .globl sice_trial_guest_start, sice_trial_guest_end
    .code16
sice_trial_guest_start:
    movl $SICE_TRIAL_DATA, %ebx
    jmp 4f
3:  incl SICE_TRIAL_COUNT(%ebx)
4:  cmpl $SICE_TRIAL_IN_GUEST, SICE_TRIAL_HOLD(%ebx)
    je 3b
    cmpl $0, SICE_TRIAL_GUEST_SMI(%ebx)
    je 2f
    movl $0xFEE00300, %edi
    movl $0x4200, (%edi)
    movl $0x10000, %ecx
1:  cmpl $0, SICE_TRIAL_DONE(%ebx)
    jne 2f
    pause
    decl %ecx
    jnz 1b
2:  movl SICE_TRIAL_FIRST(%ebx), %esi
    movl (%esi), %eax
    movl %eax, SICE_TRIAL_GUEST_SAW(%ebx)
    vmmcall
sice_trial_guest_end:
