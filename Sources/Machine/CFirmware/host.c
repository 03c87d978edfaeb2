/* On the host this target is empty; a module needs one object file. */
#include "firmware.h"
