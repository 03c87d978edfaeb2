/* A command to the security manager (SICEABI, Command). rdi = registers. The port is an immediate, since DX holds an
 * argument. */
    .section .text.sice_raise_smi, "ax", @progbits
    .globl sice_raise_smi
    .code64
sice_raise_smi:
    pushq %rbx
    movq %rdi, %r9
    movq 0(%r9), %rax
    movq 8(%r9), %rbx
    movq 16(%r9), %rcx
    movq 24(%r9), %rdx
    movq 32(%r9), %rsi
    movq 40(%r9), %rdi
    movq %rax, %r11
    movl $10000000, %r8d
    outb %al, $0xB2
    jmp 1f
1:  cmpq %r11, %rax                 /* the SMI may come a few instructions after the OUT */
    jne 2f
    pause
    decl %r8d
    jnz 1b
2:  movq %rax, 0(%r9)
    movq %rbx, 8(%r9)
    movq %rcx, 16(%r9)
    movq %rdx, 24(%r9)
    movq %rsi, 32(%r9)
    movq %rdi, 40(%r9)
    popq %rbx
    ret
