// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

// Where code and data lie does not matter on a host.
#define IRAM_ATTR
#define DRAM_ATTR
#define EXT_RAM_BSS_ATTR
#define EXT_RAM_BSS_ATTR
