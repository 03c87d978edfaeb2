/* The four functions that compilers call, and BearSSL. System V ABI; the direction flag is clear. Eight bytes at a time,
 * then the rest. */
#if !defined(__linux__)
    .code64
    .section .text.memcpy, "ax", @progbits
    .globl memcpy
memcpy:
    movq %rdi, %rax
copy_forward:
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    movl %edx, %ecx
    andl $7, %ecx
    rep movsb
    ret

    .globl memmove
memmove:
    movq %rdi, %rax
    movq %rdi, %rcx
    subq %rsi, %rcx
    cmpq %rdx, %rcx                     /* backwards only when 0 ≤ to − from < size */
    jae copy_forward
    movq %rdx, %rcx
    leaq -1(%rdi,%rdx), %rdi
    leaq -1(%rsi,%rdx), %rsi
    std
    rep movsb
    cld
    ret

    .section .text.memset, "ax", @progbits
    .globl memset
memset:
    movq %rdi, %r8
    movzbl %sil, %eax
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %rax
    movq %rdx, %rcx
    shrq $3, %rcx
    rep stosq
    movl %edx, %ecx
    andl $7, %ecx
    rep stosb
    movq %r8, %rax
    ret

    .section .text.memcmp, "ax", @progbits
    .globl memcmp
memcmp:
    movq %rdx, %rcx
    xorl %eax, %eax
    testq %rcx, %rcx
    je 1f
    repe cmpsb
    je 1f
    movzbl -1(%rdi), %eax
    movzbl -1(%rsi), %edx
    subl %edx, %eax
1:  ret
#endif
