#include "reset.h"
