/* Guests for the tests, each at the offset that probe.h names. They run in long mode at 0x10000, with a stack at
 * 0x34000, tables at 0x20000 that map 0…2 MiB, and a window at 0x100000 where the test declares one. */
#if !defined(__linux__)
    .code64
    .section .text.probe_guests, "ax", @progbits
guests:
    /* exit: status = 0x5A. */
    .org 0x000
    movl $0x5A, %ebx
    movl $2, %eax
    vmmcall

    /* echo: yields 1, then always what the host passed plus 1. */
    .org 0x040
    movl $1, %ebx
1:  movl $1, %eax
    vmmcall
    addq $1, %rbx
    jmp 1b

    /* spin: never lets go. */
    .org 0x080
1:  jmp 1b

    .org 0x0C0
    ud2

    .org 0x100
    xorl %edx, %edx
    movl $1, %eax
    xorl %ecx, %ecx
    divl %ecx

    /* outside: reads 0x40000, which its own tables map and the image does not declare. */
    .org 0x140
    movl 0x40000, %eax

    .org 0x180
    movl $0, 0x10000

    .org 0x1C0
    movl $0x30000, %eax
    jmpq *%rax

    /* page fault: reads 1 GiB, which its own tables do not map. */
    .org 0x200
    movl $0x40000000, %eax
    movl (%rax), %eax

    .org 0x240
    outb %al, $0xB2

    .org 0x280
    movl $0x7777, %eax
    vmmcall

    /* window: adds up the window's first 512 words, writes the sum behind them, and yields it. */
    .org 0x2C0
1:  xorl %ebx, %ebx
    xorl %ecx, %ecx
2:  addq 0x100000(,%rcx,8), %rbx
    incl %ecx
    cmpl $512, %ecx
    jne 2b
    movq %rbx, 0x101000
    movl $1, %eax
    vmmcall
    jmp 1b

    /* smash: fills every register it can reach with its own values, then yields; again on every run. */
    .org 0x300
1:  movq $-1, %rcx
    movq $-1, %rdx
    movq $-1, %rsi
    movq $-1, %rdi
    movq $-1, %rbp
    movq $-1, %r8
    movq $-1, %r9
    movq $-1, %r10
    movq $-1, %r11
    movq $-1, %r12
    movq $-1, %r13
    movq $-1, %r14
    movq $-1, %r15
    pcmpeqd %xmm0, %xmm0
    pcmpeqd %xmm7, %xmm7
    pcmpeqd %xmm15, %xmm15
    fldpi
    movl $0x5A, %ebx
    movl $1, %eax
    vmmcall
    jmp 1b

    /* count: counts in its own memory for ever. */
    .org 0x380
1:  incq 0x30000
    jmp 1b

    .org 0x3C0
    movl $0xC0000080, %ecx
    rdmsr

    .org 0x400
    hlt

    /* random: yields a word of 32 random bytes. */
    .org 0x440
1:  movl $3, %eax
    vmmcall
    movl $1, %eax
    vmmcall
    jmp 1b

    .org 0x480
    int3

    /* peek: yields what it finds in its registers before it ever wrote one, all ORed together. */
    .org 0x4C0
    orq %rax, %rbx
    orq %rcx, %rbx
    orq %rdx, %rbx
    orq %rsi, %rbx
    orq %rdi, %rbx
    orq %rbp, %rbx
    orq %r8, %rbx
    orq %r9, %rbx
    orq %r10, %rbx
    orq %r11, %rbx
    orq %r12, %rbx
    orq %r13, %rbx
    orq %r14, %rbx
    orq %r15, %rbx
    .irp register, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    por %xmm\register, %xmm0
    .endr
    movq %xmm0, %rax
    orq %rax, %rbx
    psrldq $8, %xmm0
    movq %xmm0, %rax
    orq %rax, %rbx
    movl $1, %eax
    vmmcall

    /* compute: yields 1, then for an input n the state of a generator after n steps from 1. */
    .org 0x5C0
    movl $1, %ebx
1:  movl $1, %eax
    vmmcall
    movq %rbx, %rcx
    movl $1, %ebx
    movabsq $6364136223846793005, %rdx
2:  imulq %rdx, %rbx
    incq %rbx
    decq %rcx
    jnz 2b
    jmp 1b

    /* unmask: IRET for ever, which lets NMIs in also inside SMM. For a Linux guest: others may not load tables. */
    .org 0x640
    lgdt 3f(%rip)
1:  pushq $0x18
    pushq $0x34000
    pushfq
    pushq $0x10
    leaq 1b(%rip), %rcx
    pushq %rcx
    iretq
    .balign 8
unmask_descriptors:
    .quad 0, 0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF
3:  .word 31
    .quad 0x10000 + unmask_descriptors - guests
    /* tables: gives a kernel descriptors, a task state whose interrupt stack 1 is RAX, and an interrupt table all of whose
     * gates lead there to 0x10C00; goes on at RBX. */
    .org 0x6C0
    movabsq $0x00AF9B000000FFFF, %rcx
    movq %rcx, 0x32208
    movabsq $0x00CF93000000FFFF, %rcx
    movq %rcx, 0x32210
    movabsq $0x0000890330000067, %rcx   /* 0x18: task state at 0x33000 */
    movq %rcx, 0x32218
    movq %rax, 0x33024
    movl $32, %ecx
    movl $0x32000, %edx
1:  movl $0x00080C00, (%rdx)
    movl $0x00018E01, 4(%rdx)
    addl $16, %edx
    loop 1b
    lgdt 2f(%rip)
    lidt 3f(%rip)
    movl $0x18, %ecx
    ltr %cx
    pushq $0x08
    pushq %rbx
    lretq
    .balign 8
2:  .word 39
    .quad 0x32200
3:  .word 32 * 16 - 1
    .quad 0x32000
    .org 0x780

    /* fill: fills its data with a generator's words, so that the host never had them, then yields 1 for ever. */
    .org 0xD00
    movl $0x30000, %edi
    movl $2048, %ecx
    movabsq $0x5DEECE66D1234567, %rdx
    movabsq $6364136223846793005, %rsi
1:  imulq %rsi, %rdx
    incq %rdx
    movq %rdx, (%rdi)
    addq $8, %rdi
    decl %ecx
    jnz 1b
    movl $1, %ebx
2:  movl $1, %eax
    vmmcall
    movl $1, %ebx
    jmp 2b

    /* look: yields all words of its data ORed together, before it wrote any. */
    .org 0xD80
    movl $0x30000, %edi
    movl $2048, %ecx
    xorl %ebx, %ebx
1:  orq (%rdi), %rbx
    addq $8, %rdi
    decl %ecx
    jnz 1b
    movl $1, %eax
    vmmcall

    /* modes: leaves 64-bit mode for the mode that its first operand names, and runs what is written there. */
    .org 0xE00
    movb $0, %dl
    lgdt 4f(%rip)
    pushq $0x08
    pushq $(0x10000 + 1f - guests)
    lretq
    .code32
1:  movl $0x18, %eax
    movl %eax, %ds
    movl %eax, %ss
    testb %dl, %dl
    jz 2f
    movl %cr0, %eax
    andl $0x7FFFFFFF, %eax
    movl %eax, %cr0
    cmpb $1, %dl
    je 2f
    ljmpl $0x10, $(3f - guests)
    .org 0xE60
2:  hlt
    .org 0xE88
    .code16
3:  movl %cr0, %eax
    andl $~1, %eax
    movl %eax, %cr0
    ljmpl $0x1000, $(5f - guests)
    .org 0xEA0
5:  hlt
    .org 0xED0
    .code64
    .balign 8
6:  .quad 0, 0x00CF9B000000FFFF, 0x00009B010000FFFF, 0x00CF93000000FFFF
4:  .word 31
    .quad 0x10000 + 6b - guests

    /* vectors: an interrupt table with all 256 gates; yields, for ever, how many interrupts it took, and above bit 32 how
     * many of them by a vector that belongs to exceptions. */
    .org 0xF00
    movl $0x30000, %edi
    xorl %ecx, %ecx
1:  movl $(0x00100000 + 3f - guests), %eax
    cmpl $32, %ecx
    jb 2f
    movl $(0x00100000 + 4f - guests), %eax
2:  movl %eax, (%rdi)
    movl $0x00018E00, 4(%rdi)
    addl $16, %edi
    incl %ecx
    cmpl $256, %ecx
    jb 1b
    lgdt 6f(%rip)
    lidt 5f(%rip)
    xorl %r12d, %r12d
7:  sti
    nop
    nop
    cli
    movl $1, %eax
    movq %r12, %rbx
    vmmcall
    jmp 7b
3:  btsq $32, %r12
    iretq
4:  incq %r12
    iretq
5:  .word 256 * 16 - 1
    .quad 0x30000
6:  .word 31
    .quad 0x10000 + unmask_descriptors - guests
    .org 0x1000
guests_end:

    .section .text.probe_guests_start, "ax", @progbits
    .globl probe_guests_start
probe_guests_start:
    movl $guests, %eax
    ret
    .globl probe_guests_size
probe_guests_size:
    movl $(guests_end - guests), %eax
    ret
#endif
