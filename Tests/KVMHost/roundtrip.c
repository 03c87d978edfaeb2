/* A KVM guest that counts and shows every number to user space. Checks that no number is lost, and measures what one
 * exit and the way back cost: RDTSC right before and right after KVM_RUN, the smallest of all.
 * Usage: roundtrip EXITS. Prints `metric kvm.roundtrip N ticks`. Linux Documentation/virt/kvm/api.rst. */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

enum { page = 4096, code_address = 0x1000 };

/* inc %al; out %al, $0x10; jmp back: every KVM_RUN ends with the next OUT. */
static const uint8_t code[] = {0xFE, 0xC0, 0xE6, 0x10, 0xEB, 0xFA};

static uint64_t rdtsc(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}

static int fail(const char *what) {
  perror(what);
  return 1;
}

/* One virtual CPU in real mode at code_address. Returns its descriptor, or -1. */
static int make_cpu(int kvm) {
  int vm = ioctl(kvm, KVM_CREATE_VM, 0);
  if (vm < 0) return -1;
  void *memory = mmap(0, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return -1;
  memcpy(memory, code, sizeof code);
  struct kvm_userspace_memory_region region = {
      .guest_phys_addr = code_address, .memory_size = page, .userspace_addr = (uint64_t)memory};
  if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region) < 0) return -1;
  int cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  if (cpu < 0) return -1;
  struct kvm_sregs special;
  if (ioctl(cpu, KVM_GET_SREGS, &special) < 0) return -1;
  special.cs.base = 0;
  special.cs.selector = 0;
  if (ioctl(cpu, KVM_SET_SREGS, &special) < 0) return -1;
  struct kvm_regs registers = {.rip = code_address, .rflags = 2};
  return ioctl(cpu, KVM_SET_REGS, &registers) < 0 ? -1 : cpu;
}

int main(int count, char **arguments) {
  long exits = count == 2 ? atol(arguments[1]) : 0;
  if (exits <= 0) return 64;
  int kvm = open("/dev/kvm", O_RDWR);
  if (kvm < 0) return fail("/dev/kvm");
  int cpu = make_cpu(kvm);
  if (cpu < 0) return fail("virtual machine");
  int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  struct kvm_run *run = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
  if (run == MAP_FAILED) return fail("run area");
  uint64_t best = UINT64_MAX;
  for (long round = 1; round <= exits; round++) {
    uint64_t start = rdtsc();
    int result = ioctl(cpu, KVM_RUN, 0);
    uint64_t cost = rdtsc() - start;
    if (result < 0) return fail("KVM_RUN");
    uint8_t number = *((uint8_t *)run + run->io.data_offset);
    if (run->exit_reason != KVM_EXIT_IO || number != (uint8_t)round) {
      fprintf(stderr, "exit %u, number %u instead of %u\n", run->exit_reason, number, (uint8_t)round);
      return 1;
    }
    if (cost < best) best = cost;
  }
  printf("metric kvm.roundtrip %llu ticks\n", (unsigned long long)best);
  return 0;
}
