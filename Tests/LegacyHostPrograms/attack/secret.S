/* A bare program that computes the words of secret.h, fills memory and registers with them, and never ends. One whose words
 * are others ends with 1. */
#include "secret.h"
    .section .text.sice_start, "ax", @progbits
    .globl sice_start
sice_start:
    mov $secret_seed, %rax
    mov $secret_factor, %rdx
    mov $secret_steps, %ecx
1:  imul %rdx, %rax
    inc %rax
    dec %ecx
    jnz 1b
    mov %rax, %rbx
    imul %rdx, %rbx
    inc %rbx
    mov $secret_mask, %rsi
    mov $secret_first, %rdi
    mov %rax, %r8
    xor %rsi, %r8
    cmp %rdi, %r8
    jne 3f
    mov $secret_next, %rdi
    mov %rbx, %r8
    xor %rsi, %r8
    cmp %rdi, %r8
    jne 3f
2:  lea words(%rip), %rdi
    mov $2048, %ecx
4:  mov %rax, (%rdi)
    mov %rbx, 8(%rdi)
    add $16, %rdi
    dec %ecx
    jnz 4b
    movq %rax, %xmm0
    movq %rbx, %xmm1
    punpcklqdq %xmm1, %xmm0
    jmp 2b
3:  mov $2, %eax    /* exit, with the status in RBX */
    mov $1, %ebx
    vmmcall
    jmp 3b

    .bss
    .balign 16
words:
    .skip 32768
    .section .note.GNU-stack, "", @progbits
