/* Code that may raise an exception, tried (Traps.swift). System V ABI: rdi = code, rsi = its argument, rdx = address of
 * the word that holds this core's stack pointer while it tries. Returns 0, or what the handler left in rax. */
#if !defined(__linux__)
    .code64
    .section .text.probe_try, "ax", @progbits
    .globl probe_try
probe_try:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rdx
    movq %rsp, (%rdx)
    movq %rdi, %rax
    movq %rsi, %rdi
    callq *%rax
    xorl %eax, %eax
recover:
    cld
    popq %rdx
    movq $0, (%rdx)
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret
    .globl probe_try_recovery
probe_try_recovery:
    movl $recover, %eax
    ret

    /* Pieces to be tried: each gets an address in rdi. */
    .macro piece name
    .globl probe_code_\name
probe_code_\name:
    movl $code_\name, %eax
    ret
code_\name:
    .endm

    piece wrmsr                     /* number and value at rdi */
    movl (%rdi), %ecx
    movl 8(%rdi), %eax
    movl 12(%rdi), %edx
    wrmsr
    ret
#endif
