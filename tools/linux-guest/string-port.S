/* Writes a port by a string instruction, which the manager refuses: the guest crashes. */
    .globl _start
_start:
    movl $173, %eax                     /* ioperm(0xF5, 1, 1) */
    movl $0xF5, %edi
    movl $1, %esi
    movl $1, %edx
    syscall
    leaq _start(%rip), %rsi
    movl $0xF5, %edx
    outsb
    movl $60, %eax                      /* exit(0): the manager let it pass */
    xorl %edi, %edi
    syscall
