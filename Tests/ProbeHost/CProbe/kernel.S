/* A kernel that runs many small programs in turns (TinyKernel.swift), at 0x10000: its page holds this code, then the programs;
 * the page behind it its tables and its stack. Whatever exception ends a program, the next one begins. The number of the
 * present one is the first word of a window, so that the host knows it without an exit. */
#if !defined(__linux__)
#define PAGE 0x10000
#define CODE 0x200                      /* of this code within the page */
#define PROGRAMS (PAGE + 0x400)
#define PROGRAM_SIZE 96
#define PROGRAM_COUNT 32
#define DATA 0x11000
#define GDT (DATA + 0x200)
#define TASK (DATA + 0x280)             /* its interrupt stack 1 ends with the page */
#define KEPT (DATA + 0x300)
#define PLACE 0x12000
#define AT(label) (PAGE + CODE + label - kernel_start)
    .code64
    .section .text.probe_kernel, "ax", @progbits
kernel_start:
    movl $DATA, %edi
    movl $32, %ecx
1:  movl $(0x00080000 + CODE + handler - kernel_start), (%rdi)
    movl $0x00018E01, 4(%rdi)           /* interrupt gate by stack 1, at 0x1xxxx */
    addl $16, %edi
    loop 1b
    movabsq $0x00AF9B000000FFFF, %rcx
    movq %rcx, GDT + 0x08
    movabsq $0x00CF93000000FFFF, %rcx
    movq %rcx, GDT + 0x10
    movabsq $(0x0000890000000067 | (TASK & 0xFFFF) << 16 | (TASK >> 16) << 32), %rcx
    movq %rcx, GDT + 0x18
    movl $(DATA + 0x1000), TASK + 0x24
    movq %cr0, %rcx
    movq %rcx, KEPT
    movq %cr4, %rcx
    movq %rcx, KEPT + 8
    lgdt AT(gdt_pointer)
    lidt AT(idt_pointer)
    movl $0x18, %ecx
    ltr %cx
    jmp begin
    /* No register of the program's counts, nor where its stack is. */
handler:
    incl PLACE
begin:
    lgdt AT(gdt_pointer)
    lidt AT(idt_pointer)
    movq KEPT, %rcx
    movq %rcx, %cr0
    movq KEPT + 8, %rcx
    movq %rcx, %cr4
    movl $0x10, %ecx
    movl %ecx, %ds
    movl %ecx, %es
    movl %ecx, %ss
    movl PLACE, %ecx
    cmpl $PROGRAM_COUNT, %ecx
    jae 2f
    imull $PROGRAM_SIZE, %ecx, %ecx
    addl $PROGRAMS, %ecx
    movl $(DATA + 0x1000), %esp
    pushq %rcx
    /* What is addressed through a register is memory of the data page, or a program would nearly always end in its own
     * tables, and the environment with it. */
    movl $(DATA + 0x400), %eax
    .irp register, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
    movq %rax, %\register
    .endr
    ret
2:  movl $2, %eax                       /* exit */
    movl $PROGRAM_COUNT, %ebx
    vmmcall
gdt_pointer:
    .word 0x27
    .quad GDT
idt_pointer:
    .word 32 * 16 - 1
    .quad DATA
    .org 0x200
kernel_end:

    .globl probe_kernel_start, probe_kernel_size
probe_kernel_start:
    movl $kernel_start, %eax
    ret
probe_kernel_size:
    movl $(kernel_end - kernel_start), %eax
    ret
#endif
