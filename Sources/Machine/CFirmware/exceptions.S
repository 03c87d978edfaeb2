/* One stub a vector: pushes what the CPU did not, then calls C with the frame. AMD APM vol. 2, 8.2. */
#if !defined(__linux__)
    .section .text.sice_exceptions, "ax", @progbits
    .code64
    .balign 16
    .globl sice_exception_stubs
sice_exception_stubs:
    .set vector, 0
    .rept 256
    .balign 16
    /* Vectors that push an error code themselves: 8, 10–14, 17, 21, 29, 30. */
    .if (vector != 8) && ((vector < 10) || (vector > 14)) && (vector != 17) && (vector != 21) && (vector != 29) && (vector != 30)
    pushq $0
    .endif
    pushq $vector
    jmp common
    .set vector, vector + 1
    .endr

common:
    pushq %rax
    pushq %rbx
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %rbp
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, %rdi
    movq %rsp, %rbx
    andq $-16, %rsp
    cld
    call sice_exception
    movq %rbx, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rbp
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rbx
    popq %rax
    addq $16, %rsp
    iretq
#endif
