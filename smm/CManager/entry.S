/* Header of the image, 64-bit entry, and the way of every fault. */
#include "core_data.h"
#include "rsm.h"
#include "version.h"

    .code64
    /* ManagerImageLayout; the linker script computes the values. The fault entries have a fixed place so that
     * the interrupt table can be a constant. */
    .section .header, "ax", @progbits
    .ascii "SICEMGR1"
    .long __header_file_size
    .long __header_memory_size
    .long __header_text_end
    .long __header_rodata_end
    .long __header_entry
    .long __header_stub
    .long __header_stub_size
    .long __header_stub_parameters
    .long __header_handoff
    .long 0
    .ascii SICE_VERSION                 /* padded with zeros */
    .org 64
    .org 0x100
    .set vector, 0
    .rept 32
    .balign 16, 0xCC
    .if vector == 2
    jmp nmi
    .else
    .if (vector == 8) || (vector == 10) || (vector == 11) || (vector == 12) || (vector == 13) || (vector == 14) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30)
    .else
    pushq $0
    .endif
    pushq $vector
    jmp fault
    .endif
    .set vector, vector + 1
    .endr

    .section .rodata.interrupts, "a", @progbits
    /* 32 gates to 0x40_0000_0100 + 16 × vector; stack: number of the interrupt stack in the task state, 0 for the present
     * stack, which NMIs use always. */
    .macro gates stack
    .balign 16
    .set vector, 0
    .rept 32
    .word 0x100 + 16 * vector
    .word 0x08
    .if vector == 2
    .byte 0
    .else
    .byte \stack
    .endif
    .byte 0x8E
    .word 0
    .long 0x40
    .long 0
    .set vector, vector + 1
    .endr
    .endm
interrupt_table:
    gates 1
switch_interrupt_table:                 /* while the task register may be a guest's */
    gates 0
    .globl sice_interrupt_table_pointer, sice_switch_interrupt_table_pointer
sice_interrupt_table_pointer:
    .word 32 * 16 - 1
    .quad interrupt_table
sice_switch_interrupt_table_pointer:
    .word 32 * 16 - 1
    .quad switch_interrupt_table

    /* From the stub: EDI = core, RSP = top of the core's stack. */
    .section .text.entry, "ax", @progbits
    .globl sice_entry64
sice_entry64:
    leaq BLOCK_CORE_DATA - BLOCK_STACK_TOP(%rsp), %rbx
    lgdt CORE_DATA_TABLE_POINTER(%rbx)
    lidt sice_interrupt_table_pointer(%rip)
    movb $0x89, CORE_DATA_DESCRIPTOR_TABLE + 0x18 + 5(%rbx) /* LTR set it busy the last time */
    movl $0x18, %eax
    ltr %ax
    movl CORE_DATA_INSIDE(%rbx), %esi   /* 1: INIT threw this core out of SMM the last time */
    movl $1, CORE_DATA_INSIDE(%rbx)
    movl $0, CORE_DATA_SWITCHED(%rbx)
    movl $0, CORE_DATA_HAS_LINUX_STATE(%rbx)
    movq %cr2, %rax                     /* not in the save state; a guest or a fault of ours would change it */
    movq %rax, CORE_DATA_HOST_CR2(%rbx)
    movq %rbx, %rdi
    call sice_manager_enter
    /* Back to the host; RBX is the core data. RSM does not set the global interrupt flag, which is clear after a guest
     * ran: without STGI the host would never see another interrupt. */
leave:
    movl $0, CORE_DATA_INSIDE(%rbx)
    leave_smm BLOCK_SAVED_CR0-BLOCK_CORE_DATA(%rbx), leave_open

    /* NMIs are masked from SMM entry on, but a guest's IRET, or multi-core mode, unmasks them. With the global interrupt
     * flag clear they wait, so that one comes in two places only. Whoever returns from here does so without IRET: NMIs
     * stay masked. */
nmi:
    movq (%rsp), %rax
    leaq sice_signal_open(%rip), %rcx
    subq %rcx, %rax
    leaq sice_signal_end(%rip), %rdx
    subq %rcx, %rdx
    cmpq %rdx, %rax
    ja 1f
    movq 24(%rsp), %rsp                 /* a signal for this core */
    jmp sice_signal_end
1:  movq (%rsp), %rax
    leaq leave_open(%rip), %rcx
    cmpq %rcx, %rax
    jne 2f
    movq 24(%rsp), %rsp                 /* the host's: it comes again after RSM, which unmasks it (I6) */
    movl $1, CORE_DATA_INSIDE(%rbx)
    movq %rbx, %rdi
    call sice_repeat_nmi
    jmp leave
2:  pushq $0
    pushq $2
    jmp fault

    /* I8: a fault in the manager. The CPU took interrupt stack 1; the stack holds vector, error code, RIP, CS,
     * RFLAGS, RSP, SS. Registers with secrets die here: RSM loads the host's from the save state. */
fault:
    cld
    movq %rsp, %rbx
    andq $-BLOCK_SIZE, %rbx
    leaq BLOCK_CORE_DATA(%rbx), %r12
    incl CORE_DATA_FAULT_DEPTH(%r12)
    cmpl $1, CORE_DATA_FAULT_DEPTH(%r12)
    jne 2f
    cmpl $0, CORE_DATA_SWITCHED(%r12)
    je 1f
    movq CORE_DATA_BLOCK_ADDRESS(%r12), %rax
    addq $BLOCK_HOST_STATE, %rax
    vmload %rax                         /* it may be the guest's still */
    lidt sice_interrupt_table_pointer(%rip)
    movq %r12, %rdi
    call sice_restore_host
1:  movq %r12, %rdi
    movq (%rsp), %rsi
    movq 16(%rsp), %rdx
    andq $-16, %rsp
    call sice_manager_fault
    movl $0, CORE_DATA_FAULT_DEPTH(%r12)
    movq CORE_DATA_HOST_CR2(%r12), %rax /* a page fault of ours put an address of the manager there */
    movq %rax, %cr2
    movq %r12, %rbx
    jmp leave
    /* A fault while handling a fault: nothing of the manager is trusted any more. Wipe the secrets, say so. The
     * depth stays, so that the next entry sees it. */
2:  leaq __secrets_start(%rip), %rdi
    leaq __secrets_end(%rip), %rcx
    subq %rdi, %rcx
    xorl %eax, %eax
    rep stosb
    movabsq $0x53494345000000C5, %rax   /* ABI.requestMagic: nothing else gets an answer (I6) */
    cmpq %rax, BLOCK_SAVED_RAX(%rbx)
    jne 3f
    movabsq $0x73696365000001F5, %rax   /* ABI.responseMagic | managerFault (501) */
    movq %rax, BLOCK_SAVED_RAX(%rbx)
3:  movq CORE_DATA_HOST_CR2(%r12), %rax
    movq %rax, %cr2
    movq %r12, %rbx
    jmp leave
