/* What trips out of long mode share (modes.S, virtual8086.S): the host's own state, kept at the start of the trip's BLOCK, and
 * the selectors of their descriptors. The file that includes this defines BLOCK and LINEAR. */
#define OLD_RSP 0
#define OLD_CR0 8
#define OLD_CR3 16
#define OLD_CR4 24
#define OLD_EFER 32
#define OLD_GDT 40
#define OLD_IDT 56
#define CODE64 0x08
#define DATA 0x10
#define CODE32 0x18
#define MSR_EFER 0xC0000080
#define MAGIC 0x45434953                /* "SICE" */

    /* In 64-bit code: keeps the registers of the System V ABI; the trip comes back to label 1. Leaves RSI = BLOCK. */
    .macro keep_host
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushfq
    movl $BLOCK, %esi
    movq %cr0, %rax
    movq %rax, OLD_CR0(%rsi)
    movq %cr3, %rax
    movq %rax, OLD_CR3(%rsi)
    movq %cr4, %rax
    movq %rax, OLD_CR4(%rsi)
    movl $MSR_EFER, %ecx
    rdmsr
    movl %eax, OLD_EFER(%rsi)
    sgdt OLD_GDT(%rsi)
    sidt OLD_IDT(%rsi)
    leaq 1f(%rip), %rax
    pushq %rax
    movq %rsp, OLD_RSP(%rsi)
    .endm

    /* Goes to `start` in 32-bit code, and returns from the trip. */
    .macro begin_trip start
    lgdt LINEAR(descriptors_pointer)
    pushq $CODE32
    pushq $LINEAR(\start)
    lretq
1:  popfq                               /* what a task had as IOPL stays otherwise */
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
    .endm

    /* In 32-bit code with paging or without: back to long mode, and to `next` there. */
    .macro restore_mode next
    movl %cr0, %eax
    andl $0x7FFFFFFF, %eax
    movl %eax, %cr0
    movl $0x400, %eax
    movl %eax, %dr7
    movl $0xFFFF0FF0, %eax
    movl %eax, %dr6
    movl $BLOCK, %esi
    movl OLD_CR4(%esi), %eax
    movl %eax, %cr4
    movl OLD_CR3(%esi), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    xorl %edx, %edx
    movl OLD_EFER(%esi), %eax
    wrmsr
    movl OLD_CR0(%esi), %eax
    movl %eax, %cr0
    ljmpl $CODE64, $LINEAR(\next)
    .endm

    /* In 64-bit code: the last steps. */
    .macro end_trip
    movl $BLOCK, %esi
    lgdt OLD_GDT(%rsi)
    lidt OLD_IDT(%rsi)
    movl $DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movq OLD_RSP(%rsi), %rsp
    ret
    .endm
