/* A trip from long mode to real mode, where CR0, CR4 and EFER are what SMM entry makes of them, for one SMI and back. */
#include "include/experiment.h"

#define CODE64 0x08
#define DATA 0x10
#define CODE32 0x18
#define CODE16 0x20
#define MSR_EFER 0xC0000080
#define WORD(name) (SICE_TRIAL_DATA + SICE_TRIAL_##name)

    .section .text.sice_trial_real_mode, "ax", @progbits
    .code64
    .globl sice_trial_real_mode
sice_trial_real_mode:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %cr0, %rax
    movl %eax, WORD(CR0)
    movq %cr3, %rax
    movl %eax, WORD(CR3)
    movq %cr4, %rax
    movl %eax, WORD(CR4)
    movl $MSR_EFER, %ecx
    rdmsr
    movl %eax, WORD(EFER)
    sgdt WORD(GDTR)
    sidt WORD(IDTR)
    movq %rsp, WORD(RSP)
    lgdt trial_table_pointer
    pushq $CODE32
    pushq $1f
    lretq
    .code32
1:  movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl $1, %eax
    movl %eax, %cr0                 /* no paging: out of long mode */
    movl $MSR_EFER, %ecx
    xorl %eax, %eax
    xorl %edx, %edx
    wrmsr
    movl %eax, %cr4
    ljmp $CODE16, $0

trial_return:
    movl WORD(CR4), %eax
    movl %eax, %cr4
    movl WORD(CR3), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    movl WORD(EFER), %eax
    andl $~0x400, %eax              /* LMA is the CPU's to set */
    xorl %edx, %edx
    wrmsr
    movl WORD(CR0), %eax
    movl %eax, %cr0
    ljmp $CODE64, $2f
    .code64
2:  movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movq WORD(RSP), %rsp
    lgdt WORD(GDTR)
    lidt WORD(IDTR)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    /* Runs at SICE_TRIAL_REAL. DS, ES and SS keep limits of 4 GiB from protected mode. */
    .section .rodata.sice_trial_real, "a", @progbits
    .balign 16
    .globl sice_trial_real_start, sice_trial_real_end
    .code16
sice_trial_real_start:
    movl $0x10, %eax                /* PG = WP = PE = 0 */
    movl %eax, %cr0
    ljmpw $(SICE_TRIAL_REAL >> 4), $(3f - sice_trial_real_start)
3:  movl $SICE_TRIAL_DATA, %ebx
    lidtl SICE_TRIAL_VECTOR_POINTER(%ebx)
    movl $SICE_TRIAL_STACK, %esp
    movl $SICE_TRIAL_HANDLER, %eax
    movl %eax, %dr0                 /* the handler's first instruction, linear ... */
    movl $0x8000, %eax
    movl %eax, %dr1                 /* ... and by its IP: emulators compare the one or the other */
    movl SICE_TRIAL_BREAKPOINTS(%ebx), %eax
    movl %eax, %dr7
    movl SICE_TRIAL_FIRST(%ebx), %esi
    movl (%esi), %eax
    movl %eax, SICE_TRIAL_FIRST_BEFORE(%ebx)
    movl $0xFEE00300, %edi          /* interrupt command: SMI to the core that was aimed at, this one */
    movl $0x4200, (%edi)
    movl $0x10000, %ecx
4:  movl SICE_TRIAL_DONE(%ebx), %eax
    orl SICE_TRIAL_STRUCK(%ebx), %eax
    jnz 5f
    pause
    decl %ecx
    jnz 4b
5:  movl SICE_TRIAL_SECOND(%ebx), %esi
    movl (%esi), %eax
    movl %eax, SICE_TRIAL_SECOND_AFTER(%ebx)
    movl $0x400, %eax
    movl %eax, %dr7
    xorl %eax, %eax
    movl %eax, %dr0
    movl %eax, %dr1
    movl $0x11, %eax
    movl %eax, %cr0
    ljmpl $CODE32, $trial_return
sice_trial_real_end:

    .section .rodata.sice_trial_table, "a", @progbits
    .balign 8
trial_table:
    .quad 0
    .quad 0x00AF9B000000FFFF        /* CODE64 */
    .quad 0x00CF93000000FFFF        /* DATA */
    .quad 0x00CF9B000000FFFF        /* CODE32 */
    .quad 0x00009B000000FFFF | (SICE_TRIAL_REAL << 16)
trial_table_end:
trial_table_pointer:
    .word trial_table_end - trial_table - 1
    .quad trial_table
