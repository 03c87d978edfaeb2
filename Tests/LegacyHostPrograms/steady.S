/* A bare program that never gives the core back of its own will. It fills its general and SSE registers, looks again
 * and again whether one of them changed, and ends after ROUNDS rounds: with 0 when none did, with 1 when one did.
 * Whoever runs beside it would have to leave its registers alone, too. */
    .section .text.sice_start, "ax", @progbits
    .globl sice_start
sice_start:
    mov $ROUNDS, %rcx
    .irp register, rax, rbx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14
    mov general_\register(%rip), %\register
    .endr
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    movdqa vectors + 16 * \number(%rip), %xmm\number
    .endr
1:
    .irp register, rax, rbx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14
    cmp general_\register(%rip), %\register
    jne 2f
    .endr
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    movdqa %xmm\number, %xmm15
    pcmpeqb vectors + 16 * \number(%rip), %xmm15
    pmovmskb %xmm15, %r15d
    cmp $0xFFFF, %r15d
    jne 2f
    .endr
    dec %rcx
    jnz 1b
    xor %ebx, %ebx
    jmp 3f
2:  mov $1, %ebx
3:  mov $2, %eax    /* exit, with the status in RBX */
    vmmcall
    jmp 3b

    .section .rodata, "a", @progbits
    .balign 16
vectors:
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    .quad 0xA5A5000000000000 + \number, ~\number
    .endr
    .irp register, rax, rbx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14
general_\register:
    .quad 0x5A5A000000000000 + (. - vectors)
    .endr
    .section .note.GNU-stack, "", @progbits
