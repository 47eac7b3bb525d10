// What makes the outputs fall whatever happens to the program.
// Threads: every function from every task and from interrupts; none waits.
#pragma once

#include "linegate/esp/pins.h"

namespace linegate::esp {

// Makes both pins outputs at their de-energised level, and remembers them for Deenergise. Call it first of all.
void ArmDeenergise(const OutputPin& gate, const OutputPin& ready);

// Gate and READY to their de-energised level. Also runs before a panic prints and when the program restarts itself.
void Deenergise();

}  // namespace linegate::esp
