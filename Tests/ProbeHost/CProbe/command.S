/* One command with a whole register file. System V ABI: rdi = probe_registers. */
#if !defined(__linux__)
    .code64
    /* `raise` raises the SMI or not; `tries` looks at RAX follow. */
    .macro command raise, tries
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdi
    pushq $\tries                 /* tries left */
    movq 8(%rdi), %rbx
    movq 16(%rdi), %rcx
    movq 32(%rdi), %rsi
    movq 48(%rdi), %rbp
    movq 56(%rdi), %r8
    movq 64(%rdi), %r9
    movq 72(%rdi), %r10
    movq 80(%rdi), %r11
    movq 88(%rdi), %r12
    movq 96(%rdi), %r13
    movq 104(%rdi), %r14
    movq 112(%rdi), %r15
    rdtsc
    shlq $32, %rdx
    orq %rdx, %rax
    movq %rax, 120(%rdi)
    movq 24(%rdi), %rdx
    movq 0(%rdi), %rax
    movq 40(%rdi), %rdi
    \raise
    /* QEMU may deliver the SMI a few instructions later: at the end of this block, or of one of the next. */
1:  cmpq request(%rip), %rax
    jne 2f
    decq (%rsp)
    jne 1b
2:  movq %rdi, (%rsp)               /* the tries are not needed any more */
    movq 8(%rsp), %rdi
    movq %rax, 0(%rdi)
    movq %rdx, 24(%rdi)
    rdtsc
    shlq $32, %rdx
    orq %rdx, %rax
    movq %rax, 128(%rdi)
    popq %rax
    movq %rax, 40(%rdi)
    movq %rbx, 8(%rdi)
    movq %rcx, 16(%rdi)
    movq %rsi, 32(%rdi)
    movq %rbp, 48(%rdi)
    movq %r8, 56(%rdi)
    movq %r9, 64(%rdi)
    movq %r10, 72(%rdi)
    movq %r11, 80(%rdi)
    movq %r12, 88(%rdi)
    movq %r13, 96(%rdi)
    movq %r14, 104(%rdi)
    movq %r15, 112(%rdi)
    popq %rdi
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
    .endm

    .section .text.probe_command, "ax", @progbits
    .globl probe_command, probe_wait
probe_command:
    command "outb %al, $0xB2", 100000
probe_wait:
    command "", 0x7FFFFFFF
    .balign 8
request:
    .quad 0x53494345000000C5

    /* A started core: what INIT left in R8 to R15 (WorkMemory.arrivalVectors + 0x400), before compiled code uses them. */
    .section .text.sice_core_main, "ax", @progbits
    .globl sice_core_main
sice_core_main:
    .irp register, 8, 9, 10, 11, 12, 13, 14, 15
    movq %r\register, 0x4F32400 + (\register - 8) * 8
    .endr
    jmp probe_core_main

    .section .text.probe_enable_vectors, "ax", @progbits
    .globl probe_enable_vectors
probe_enable_vectors:
    movq %cr4, %rax
    orq $0x40600, %rax              /* OSFXSR, OSXMMEXCPT, OSXSAVE */
    movq %rax, %cr4
    xorl %ecx, %ecx
    xgetbv
    orl $7, %eax                    /* x87, SSE, AVX */
    xsetbv
    ret

    .section .text.probe_load_vectors, "ax", @progbits
    .globl probe_load_vectors
probe_load_vectors:
    movl $7, %eax
    xorl %edx, %edx
    xrstor64 (%rdi)
    ret

    .section .text.probe_save_vectors, "ax", @progbits
    .globl probe_save_vectors
probe_save_vectors:
    movl $7, %eax
    xorl %edx, %edx
    xsave64 (%rdi)
    ret
#endif
