/* The world switch: host → guest → host, on one core (AMD64 APM volume 2, chapter 15). */
#include "core_data.h"

#define VM_HSAVE_PA 0xC0010117
#define GUEST_FPU 0
#define GUEST_REGISTER(n) (512 + 8 * (n))

    .code64
    .section .text.switch, "ax", @progbits

    /* void sice_enter_guest(core data, physical address of the VMCB, sice_guest *)
     *
     * What the guest can change and SMM entry does not save: the VMSAVE set, x87 and SSE registers, VM_HSAVE_PA,
     * which a host that runs KVM uses, and CR2, which the entry keeps. FXSAVE is all of the vector state, because
     * a bare program's CR4.OSXSAVE is off and cannot be set, and XCR0 is cut down for a kernel (linux_state.S):
     * VEX-encoded instructions fault, and others leave the upper halves of the registers alone. Debug registers, CR8,
     * PAT and all MSRs that VMSAVE does not switch are out of the guest's reach by intercepts. */
    .globl sice_enter_guest, sice_guest_stopped
sice_enter_guest:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdx
    pushq %rsi
    pushq %rdi
    cmpl $0, CORE_DATA_ISOLATED(%rdi)
    je 1f
    clgi                                /* NMIs, once unmasked, end the guest's slice and come nowhere else */
    call unmask_nmi
1:  movq CORE_DATA_BLOCK_ADDRESS(%rdi), %rax
    addq $BLOCK_HOST_STATE, %rax
    vmsave %rax
    fxsave64 CORE_DATA_HOST_FPU(%rdi)
    movq %rdx, %r8
    movl $VM_HSAVE_PA, %ecx
    rdmsr
    movl %eax, CORE_DATA_HOST_HSAVE(%rdi)
    movl %edx, CORE_DATA_HOST_HSAVE + 4(%rdi)
    movl CORE_DATA_BLOCK_ADDRESS(%rdi), %eax
    addl $BLOCK_HSAVE, %eax
    xorl %edx, %edx
    wrmsr
    movl $1, CORE_DATA_SWITCHED(%rdi)
    lidt sice_switch_interrupt_table_pointer(%rip)
    movl CORE_DATA_BLOCK_ADDRESS(%rdi), %eax
    addl $sice_switch_entry, %eax
    pushq %rax                          /* the page that is mapped at its physical address: stub.S */
    fxrstor64 GUEST_FPU(%r8)
    cmpl $0, CORE_DATA_ISOLATED(%rdi)   /* the flags live until the branch below */
    movq %rsi, %rax
    movq GUEST_REGISTER(1)(%r8), %rcx
    movq GUEST_REGISTER(2)(%r8), %rdx
    movq GUEST_REGISTER(3)(%r8), %rbx
    movq GUEST_REGISTER(5)(%r8), %rbp
    movq GUEST_REGISTER(6)(%r8), %rsi
    movq GUEST_REGISTER(7)(%r8), %rdi
    movq GUEST_REGISTER(9)(%r8), %r9
    movq GUEST_REGISTER(10)(%r8), %r10
    movq GUEST_REGISTER(11)(%r8), %r11
    movq GUEST_REGISTER(12)(%r8), %r12
    movq GUEST_REGISTER(13)(%r8), %r13
    movq GUEST_REGISTER(14)(%r8), %r14
    movq GUEST_REGISTER(15)(%r8), %r15
    movq GUEST_REGISTER(8)(%r8), %r8
    ret
sice_guest_stopped:
    lidt sice_interrupt_table_pointer(%rip)
switch_guest_stopped:                   /* a place for tests to inject a fault: the guest's vectors are loaded */
    movq 16(%rsp), %rax
    movq %rcx, GUEST_REGISTER(1)(%rax)
    movq %rdx, GUEST_REGISTER(2)(%rax)
    movq %rbx, GUEST_REGISTER(3)(%rax)
    movq %rbp, GUEST_REGISTER(5)(%rax)
    movq %rsi, GUEST_REGISTER(6)(%rax)
    movq %rdi, GUEST_REGISTER(7)(%rax)
    movq %r8, GUEST_REGISTER(8)(%rax)
    movq %r9, GUEST_REGISTER(9)(%rax)
    movq %r10, GUEST_REGISTER(10)(%rax)
    movq %r11, GUEST_REGISTER(11)(%rax)
    movq %r12, GUEST_REGISTER(12)(%rax)
    movq %r13, GUEST_REGISTER(13)(%rax)
    movq %r14, GUEST_REGISTER(14)(%rax)
    movq %r15, GUEST_REGISTER(15)(%rax)
    fxsave64 GUEST_FPU(%rax)
    movq (%rsp), %rdi
    call sice_restore_host
    addq $24, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    /* void sice_restore_host(core data): undoes the rest of the switch; also the way out of a fault inside it. */
    .globl sice_restore_host
sice_restore_host:
    /* FXRSTOR leaves the x87 instruction and data pointers alone when no exception is pending (AMD): without
     * FNINIT the host would read the guest's. */
    fninit
    fxrstor64 CORE_DATA_HOST_FPU(%rdi)
    movq CORE_DATA_HOST_CR2(%rdi), %rax
    movq %rax, %cr2
    movl $VM_HSAVE_PA, %ecx
    movl CORE_DATA_HOST_HSAVE(%rdi), %eax
    movl CORE_DATA_HOST_HSAVE + 4(%rdi), %edx
    wrmsr
    movl $0, CORE_DATA_SWITCHED(%rdi)
    ret

    /* void sice_take_signal(int sleep): takes the NMI that a signal is, or waits for one. The global interrupt flag is
     * clear before and after but for the window between the labels; the NMI's handler goes on at its end, so that
     * one that comes before HLT is not slept over. */
    .globl sice_take_signal, sice_signal_open, sice_signal_end
sice_take_signal:
    clgi
    call unmask_nmi
    stgi
sice_signal_open:
    testl %edi, %edi
    je sice_signal_end
    hlt
sice_signal_end:
    clgi
    ret

    /* IRET is the one instruction that unmasks NMIs inside SMM (APM volume 2, §10.3.3). Clobbers RAX, RCX. */
unmask_nmi:
    movq %rsp, %rax
    pushq $0x10
    pushq %rax
    pushfq
    pushq $0x08
    leaq 1f(%rip), %rcx
    pushq %rcx
    iretq
1:  ret
