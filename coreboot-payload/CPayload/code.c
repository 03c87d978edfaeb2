#include "payload.h"

extern const uint8_t sice_wake_start[], sice_wake_end[], sice_park_start[], sice_park_end[];
extern const uint8_t sice_relocate_start[], sice_relocate_end[];
extern const uint8_t sice_return_start[], sice_return_end[];
extern const uint8_t sice_trial_smi_start[], sice_trial_smi_struck[], sice_trial_smi_end[];
extern const uint8_t sice_trial_real_start[], sice_trial_real_end[], sice_trial_guest_start[], sice_trial_guest_end[];

static sice_code code(const uint8_t *start, const uint8_t *end) {
  return (sice_code){(uint64_t)start, (uint64_t)(end - start)};
}

sice_code sice_wake_code(void) { return code(sice_wake_start, sice_wake_end); }
sice_code sice_park_code(void) { return code(sice_park_start, sice_park_end); }
sice_code sice_relocate_code(void) { return code(sice_relocate_start, sice_relocate_end); }
sice_code sice_return_code(void) { return code(sice_return_start, sice_return_end); }
sice_code sice_trial_smi_code(void) { return code(sice_trial_smi_start, sice_trial_smi_end); }
uint32_t sice_trial_struck_offset(void) { return (uint32_t)(sice_trial_smi_struck - sice_trial_smi_start); }
sice_code sice_trial_real_code(void) { return code(sice_trial_real_start, sice_trial_real_end); }
sice_code sice_trial_guest_code(void) { return code(sice_trial_guest_start, sice_trial_guest_end); }
