/* Requests of those who may not ask, and requests that make no sense. */
#include "attack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Numbers of Sources/Manager/SICEABI. */
enum { info = 1, run = 6, destroy = 7, launch = 13, stop = 14, kick = 15, command_limit = 20 };
enum { last_error = 0x1FF, manager_fault = 501 };
static const uint64_t request = 0x53494345000000C5, success = 0x7369636500000000;
static const uint64_t area_size = 0x21000;

/* A request with whatever is in R8. Returns RAX; the request itself when nobody answered. */
static uint64_t ask(uint64_t command, uint64_t word) {
  sice_smi_registers r = {.rax = request, .rbx = command, .r8 = word};
  sice_raise_smi(&r);
  return r.rax;
}

static void expect_refusal(uint64_t command, uint64_t word, const char *what, finding *found) {
  const uint64_t answer = ask(command, word);
  found->executions++;
  if (answer != sice_not_authorized) note(found, what, answer);
}

/* Without a word, and with words that nobody wrote. */
finding attack_without_word(void) {
  finding found = {0};
  if (sice_stay_on_core() != 0) exit(70);
  for (uint64_t command = 0; command < command_limit; command++) {
    expect_refusal(command, 0, "served-without-word", &found);
    for (int tries = 0; tries < 100; tries++) expect_refusal(command, any(), "served-with-guess", &found);
  }
  return found;
}

/* A word that was taken once is gone, whoever wrote it. */
finding attack_used_word(void) {
  finding found = {0};
  volatile uint64_t *words = area_words(area_map(area_size));
  if (sice_stay_on_core() != 0) exit(70);
  for (int tries = 0; tries < 1000; tries++) {
    sice_smi_registers r = {.rax = request, .rbx = info};
    sice_authorize(words, any() | 1, &r);
    const uint64_t word = r.r8;
    if (sice_raise_smi(&r) != 0 || r.rax != success) note(&found, "honest-request-refused", r.rax);
    expect_refusal(info, word, "served-with-used-word", &found);
  }
  return found;
}

/* What a user may do who got the port from root, but neither root's rights nor the area. */
static void ask_as_user(finding *found) {
  if (setgid(65534) != 0 || setuid(65534) != 0) exit(70);
  if (open("/dev/mem", O_RDWR) >= 0) note(found, "user-opens-memory", 0);
  for (uint64_t command = 0; command < command_limit; command++)
    for (int tries = 0; tries < 100; tries++)
      expect_refusal(command, tries == 0 ? 0 : any(), "user-served", found);
}

finding attack_inherited_port(void) {
  /* The child's finding comes back through shared memory; the text is at the same address in both. */
  finding *found = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (found == MAP_FAILED || sice_stay_on_core() != 0) exit(70);
  const pid_t child = fork();
  if (child == 0) {
    ask_as_user(found);
    _exit(0);
  }
  int status = 1;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) note(found, "user-stopped", (uint64_t)status);
  return *found;
}

/* An address that Linux does not miss: in the communication area, in SMRAM, or far above all memory. */
static uint64_t any_place(uint64_t area, smram_range smram) {
  switch (any() % 4) {
  case 0: return area + any() % area_size;
  case 1: return smram.base + any() % smram.size;
  case 2: return (any() % 2 ? smram.base + smram.size : smram.base) - any() % 4097;
  default: return any() | 1ull << 45;
  }
}

/* What would end an environment, or take a core from Linux, names none that exists: root may do that. */
static int may_take_away(uint64_t command) {
  return command == run || command == destroy || command == launch || command == stop || command == kick;
}

static void ask_anything(volatile uint64_t *words, uint64_t area, smram_range smram, finding *found) {
  const uint64_t command = any() % 8 ? any() % command_limit : any();
  sice_smi_registers r = {.rax = request, .rbx = command};
  r.rcx = any() % 2 ? any() % 64 : any();
  if (may_take_away(command & 0xFFFFFFFF)) r.rcx |= 1ull << 40;
  r.rdx = any_place(area, smram);
  r.rsi = any() % 2 ? any_place(area, smram) : any() % 8192;
  r.rdi = any();
  const uint64_t word = any() | 1;
  sice_authorize(words, word, &r);
  if (sice_raise_smi(&r) != 0) note(found, "no-answer", command);
  const uint64_t error = r.rax & 0xFFFF;
  if (r.rax - error != success || error > last_error) note(found, "strange-answer", r.rax);
  if (error == manager_fault) note(found, "manager-fault", command);
  found->executions++;
}

finding attack_random_commands(smram_range smram) {
  finding found = {0};
  const uint64_t area = area_base();
  volatile uint64_t *words = area_words(area_map(area_size));
  if (sice_stay_on_core() != 0) exit(70);
  for (int round = 0; round < 20000; round++) ask_anything(words, area, smram, &found);
  return found;
}
